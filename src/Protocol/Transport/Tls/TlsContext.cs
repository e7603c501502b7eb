using System.Runtime.InteropServices;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Protocol.Transport.Tls;

/// <summary>
/// The settings that many TLS sessions share: one per port of a router, one per kind of client connection.
/// TLS 1.2 and 1.3 only; no resumption, tickets, renegotiation or compression, because the session id must be
/// that of a full handshake (S-042..S-050, S-506). Thread-safe. Sessions outlive a disposed context.
/// </summary>
public sealed unsafe class TlsContext : IDisposable
{
    private const int MaxAlpnNameBytes = 255;

    private readonly TlsContext? _web;

    private TlsContext(bool isServer, TlsParameters parameters, TlsCredential? credential, IReadOnlyList<string> protocols, TimeProvider time, TlsContext? web)
    {
        IsServer = isServer;
        Time = time;
        Protocols = [.. protocols.Select(EncodeProtocol)];
        _web = web;
        nint context = LibSsl.NewContext(isServer ? LibSsl.ServerMethod() : LibSsl.ClientMethod());
        Handle = context == 0 ? throw OpenSslError.Fault("make a TLS context") : new TlsContextHandle(context);
        try
        {
            SetLimits();
            SetParameters(parameters);
            if (credential is not null)
            {
                Present(credential);
            }

            SetCallbacks();
        }
        catch
        {
            Handle.Dispose();
            throw;
        }
    }

    internal TlsContextHandle Handle { get; }

    internal bool IsServer { get; }

    internal TimeProvider Time { get; }

    /// <summary>ASCII names of the application protocols.</summary>
    internal byte[][] Protocols { get; }

    /// <summary>Settings of a router's port. The credentials may be disposed afterwards.</summary>
    public static TlsContext ForServer(TlsServerOptions options)
    {
        TlsParameters parameters = TlsParameters.Of(options.Parameters);
        TlsContext? web = options.WebCredential is null
            ? null
            : new TlsContext(isServer: true, parameters, options.WebCredential, options.Protocols, options.Time, web: null);
        return new TlsContext(isServer: true, parameters, options.Credential, options.Protocols, options.Time, web);
    }

    /// <summary>Settings of a client's connections. The credential may be disposed afterwards.</summary>
    public static TlsContext ForClient(TlsClientOptions options)
    {
        var context = new TlsContext(isServer: false, TlsParameters.Client, options.Credential, options.Protocols, options.Time, web: null);
        if (options.OnlyTls12)
        {
            Require(LibSsl.ContextControl(context.Handle, LibSsl.ControlMaxVersion, LibSsl.Tls12, 0) == 1, "set the greatest TLS version");
        }

        return context;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Handle.Dispose();
        _web?.Dispose();
    }

    private static byte[] EncodeProtocol(string name)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(name);
        return bytes.Length is > 0 and <= MaxAlpnNameBytes ? bytes : throw new ArgumentException("An application protocol's name has 1 to 255 bytes.", nameof(name));
    }

    private void SetLimits()
    {
        Require(LibSsl.ContextControl(Handle, LibSsl.ControlMinVersion, LibSsl.Tls12, 0) == 1, "set the least TLS version");
        Require(LibSsl.ContextControl(Handle, LibSsl.ControlMaxVersion, LibSsl.Tls13, 0) == 1, "set the greatest TLS version");
        _ = LibSsl.ContextControl(Handle, LibSsl.ControlMode, LibSsl.ModePartialWrite | LibSsl.ModeMovingWriteBuffer | LibSsl.ModeReleaseBuffers, 0);
        _ = LibSsl.ContextControl(Handle, LibSsl.ControlSessionCacheMode, 0, 0);
        _ = LibSsl.SetOptions(Handle, LibSsl.OptionNoTicket | LibSsl.OptionNoCompression | LibSsl.OptionNoRenegotiation | LibSsl.OptionServerPreference);
        Require(LibSsl.SetTicketCount(Handle, 0) == 1, "switch session tickets off");
    }

    private void SetParameters(TlsParameters parameters)
    {
        Require(LibSsl.SetCiphersTls13(Handle, parameters.CiphersTls13) == 1, "set the TLS 1.3 cipher suites");
        Require(LibSsl.SetCiphersTls12(Handle, parameters.CiphersTls12) == 1, "set the TLS 1.2 cipher suites");
        Require(LibSsl.ContextControl(Handle, LibSsl.ControlGroups, 0, parameters.Groups) == 1, "set the groups");
        Require(LibSsl.ContextControl(Handle, LibSsl.ControlSignatureAlgorithms, 0, parameters.SignatureAlgorithms) == 1, "set the signature schemes");
    }

    private void Present(TlsCredential credential)
    {
        fixed (byte* leaf = credential.Chain[0])
        {
            Require(LibSsl.UseCertificate(Handle, credential.Chain[0].Length, leaf) == 1, "use a certificate");
        }

        foreach (byte[] der in credential.Chain.Skip(1))
        {
            fixed (byte* start = der)
            {
                byte* cursor = start;
                nint certificate = LibX509.ReadCertificate(null, &cursor, der.Length);
                Require(certificate != 0, "read a certificate");

                // The number 1 asks OpenSSL to take a reference of its own.
                nint added = LibSsl.ContextControl(Handle, LibSsl.ControlAddChainCertificate, 1, certificate);
                LibX509.FreeCertificate(certificate);
                Require(added == 1, "use a chain of certificates");
            }
        }

        bool taken = false;
        try
        {
            credential.Key.Handle.DangerousAddRef(ref taken);
            Require(LibSsl.UsePrivateKey(Handle, credential.Key.Handle.DangerousGetHandle()) == 1, "use a private key");
        }
        finally
        {
            if (taken)
            {
                credential.Key.Handle.DangerousRelease();
            }
        }
    }

    private void SetCallbacks()
    {
        // A client must see a certificate; a router asks every client for one and accepts none (S-056).
        LibSsl.SetVerify(Handle, LibSsl.VerifyPeer, 0);
        LibSsl.SetChainCallback(Handle, &OnChain, 0);
        if (!IsServer)
        {
            OfferProtocols();
            return;
        }

        // OpenSSL wants a context id when it asks for certificates, though nothing is ever resumed.
        fixed (byte* id = "simplex"u8)
        {
            Require(LibSsl.SetSessionIdContext(Handle, id, 7) == 1, "set the session id context");
        }

        LibSsl.SetAlpnCallback(Handle, &OnProtocols, 0);
        if (_web is not null)
        {
            Require(LibSsl.ContextCallback(Handle, LibSsl.ControlServerNameCallback, &OnServerName) == 1, "watch for server names");
        }
    }

    private void OfferProtocols()
    {
        byte[] list = [.. Protocols.SelectMany(name => (IEnumerable<byte>)[(byte)name.Length, .. name])];
        fixed (byte* pointer = list)
        {
            Require(list.Length == 0 || LibSsl.SetAlpnOffer(Handle, pointer, (uint)list.Length) == 0, "offer application protocols");
        }
    }

    private static void Require(bool success, string action)
    {
        if (!success)
        {
            throw OpenSslError.Fault(action);
        }
    }

    /// <summary>Called for every ClientHello, with or without a server name, before a certificate is chosen.</summary>
    [UnmanagedCallersOnly]
    private static int OnServerName(nint ssl, nint alert, nint argument)
    {
        TlsSession session = TransportBio.OwnerOf(ssl);
        if (session.Context._web is { } web && LibSsl.ServerName(ssl, LibSsl.ServerNameHost) != 0)
        {
            session.ServerNameUsed = true;
            _ = LibSsl.SwitchContext(ssl, web.Handle);

            // Browsers would ask their users which certificate to send.
            LibSsl.SetSessionVerify(ssl, LibSsl.VerifyNone, 0);
        }

        return 0;
    }

    /// <summary>Called only if the client sent the extension: the first of its protocols that we know (S-051, S-052, S-508).</summary>
    [UnmanagedCallersOnly]
    private static int OnProtocols(nint ssl, byte** chosen, byte* chosenLength, byte* offer, uint offerLength, nint argument)
    {
        byte[][] known = TransportBio.OwnerOf(ssl).Context.Protocols;
        var rest = new ReadOnlySpan<byte>(offer, (int)offerLength);
        while (rest.Length > 0 && rest.Length > rest[0])
        {
            ReadOnlySpan<byte> name = rest.Slice(1, rest[0]);
            foreach (byte[] candidate in known)
            {
                if (name.SequenceEqual(candidate))
                {
                    *chosen = offer + offerLength - rest.Length + 1;
                    *chosenLength = rest[0];
                    return LibSsl.AlpnChosen;
                }
            }

            rest = rest[(1 + name.Length)..];
        }

        return LibSsl.AlpnFatal;
    }

    /// <summary>Called when the peer sent certificates: 1 accepts them, 0 ends the handshake with the alert of the error.</summary>
    [UnmanagedCallersOnly]
    private static int OnChain(nint storeContext, nint argument)
    {
        nint ssl = LibSsl.StoreContextData(storeContext, LibSsl.StoreContextIndex());
        int error = TransportBio.OwnerOf(ssl).CheckPeer(LibSsl.SentChain(storeContext));
        if (error == 0)
        {
            return 1;
        }

        LibSsl.SetChainError(storeContext, error);
        return 0;
    }
}
