using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Protocol.Transport.Tls;

/// <summary>Outcome of a call into a <see cref="TlsSession"/>.</summary>
internal enum TlsStatus
{
    /// <summary>Did what was asked.</summary>
    Done,

    /// <summary>All input was taken, more is needed.</summary>
    NeedsInput,

    /// <summary>The peer sent close_notify.</summary>
    Closed,

    /// <summary>The session is broken; see <see cref="TlsSession.Failure"/>.</summary>
    Failed,
}

/// <summary>
/// One SSL object, the only class that sees its handle. It does no input or output: callers pass what
/// the transport received and find what is to be sent in <see cref="Outbox"/>, or directly in the
/// writer that they passed. Not thread-safe: <see cref="TlsStream"/> holds the lock.
/// </summary>
internal sealed unsafe class TlsSession : IDisposable
{
    private const int MaxFinishedBytes = 64;

    // X509_V_ERR_*: OpenSSL maps them to alerts certificate_expired, unknown_ca, certificate_unknown (S-057).
    private const int ErrorExpired = 10;
    private const int ErrorNoIssuer = 20;
    private const int ErrorOther = 32;

    private readonly byte[]? _expectedIdentity;
    private nint _ssl;
    private GCHandle _self;
    private ReadOnlySequence<byte> _input;
    private PipeWriter? _direct;
    private Exception? _fault;
    private ChainVerdict _chainVerdict;

    /// <summary>A session that has not begun.</summary>
    /// <param name="context">Shared settings.</param>
    /// <param name="expectedIdentity">A client's expectation: SHA-256 of the router's identity certificate.</param>
    public TlsSession(TlsContext context, byte[]? expectedIdentity)
    {
        Context = context;
        _expectedIdentity = expectedIdentity;
        _ssl = LibSsl.NewSession(context.Handle);
        if (_ssl == 0)
        {
            throw OpenSslError.Fault("make a TLS session");
        }

        _self = GCHandle.Alloc(this);
        nint bio = TransportBio.Create(_self);
        LibSsl.SetBio(_ssl, bio, bio);
        if (context.IsServer)
        {
            LibSsl.BeServer(_ssl);
        }
        else
        {
            LibSsl.BeClient(_ssl);
        }
    }

    /// <summary>Shared settings.</summary>
    public TlsContext Context { get; }

    /// <summary>Output that nobody gave a writer for.</summary>
    public TlsOutbox Outbox { get; } = new();

    /// <summary>Why the session broke.</summary>
    public TlsFailure? Failure { get; private set; }

    /// <summary>The client sent a server name and got the web credential.</summary>
    public bool ServerNameUsed { get; set; }

    /// <summary>DER certificates that the peer sent and that were accepted, leaf first.</summary>
    public IReadOnlyList<byte[]> PeerChain { get; private set; } = [];

    /// <summary>The negotiated application protocol; null without the extension.</summary>
    public string? Protocol { get; private set; }

    /// <summary>The client's Finished message (S-059): 12, 32 or 48 bytes; empty before the handshake is done.</summary>
    public byte[] Unique { get; private set; } = [];

    /// <summary>0x0303 or 0x0304.</summary>
    public int Version => LibSsl.VersionOf(_ssl);

    /// <summary>Decrypted bytes that can be read without input.</summary>
    public int Buffered => LibSsl.Pending(_ssl);

    private bool IsDone => Unique.Length > 0;

    /// <summary>Goes on with the handshake; <paramref name="input"/> becomes what was not taken.</summary>
    public TlsStatus Handshake(ref ReadOnlySequence<byte> input)
    {
        Begin(input, direct: null);
        TlsStatus status = End(LibSsl.Handshake(_ssl), ref input);
        if (status == TlsStatus.Done)
        {
            ReadResults();
        }

        return status;
    }

    /// <summary>Decrypts into <paramref name="destination"/>; an empty one asks whether there is something to read.</summary>
    public TlsStatus Read(Span<byte> destination, ref ReadOnlySequence<byte> input, out int count)
    {
        Begin(input, direct: null);
        int result;
        if (destination.IsEmpty)
        {
            byte first;
            result = LibSsl.Peek(_ssl, &first, 1);
            count = 0;
        }
        else
        {
            fixed (byte* pointer = destination)
            {
                result = LibSsl.Read(_ssl, pointer, destination.Length);
            }

            count = Math.Max(result, 0);
        }

        return End(result, ref input);
    }

    /// <summary>Encrypts all of <paramref name="data"/> into <paramref name="writer"/>.</summary>
    public TlsStatus Write(ReadOnlySpan<byte> data, PipeWriter writer)
    {
        ReadOnlySequence<byte> none = default;
        fixed (byte* start = data)
        {
            for (int sent = 0; sent < data.Length;)
            {
                Begin(none, writer);
                int result = LibSsl.Write(_ssl, start + sent, data.Length - sent);
                TlsStatus status = End(result, ref none);
                if (status != TlsStatus.Done)
                {
                    return status;
                }

                sent += result;
            }
        }

        return TlsStatus.Done;
    }

    /// <summary>Queues close_notify, unless the session is broken or never began.</summary>
    public void Shutdown()
    {
        if (Failure is null && IsDone)
        {
            Begin(default, direct: null);
            _ = LibSsl.Shutdown(_ssl);
            LibX509.ClearErrors();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ssl != 0)
        {
            LibSsl.FreeSession(_ssl);
            _ssl = 0;
            _self.Free();
            Outbox.Clear();
        }
    }

    /// <summary>OpenSSL reads from the transport; 0 when there is nothing left.</summary>
    internal int TakeInput(Span<byte> destination)
    {
        int count = (int)Math.Min(destination.Length, _input.Length);
        _input.Slice(0, count).CopyTo(destination);
        _input = _input.Slice(count);
        return count;
    }

    /// <summary>OpenSSL writes to the transport. An exception must not pass its frames: it is kept and thrown after the call.</summary>
    internal bool TryPutOutput(ReadOnlySpan<byte> data)
    {
        try
        {
            if (_direct is null)
            {
                Outbox.Append(data);
            }
            else
            {
                _direct.Write(data);
            }

            return true;
        }
        catch (Exception exception)
        {
            _fault = exception;
            return false;
        }
    }

    /// <summary>Checks the certificates that the peer sent; 0 or the X509_V_ERR_* that stands for the alert.</summary>
    internal int CheckPeer(nint stack)
    {
        try
        {
            _chainVerdict = CheckChain(stack);
        }
        catch (Exception exception)
        {
            _fault = exception;
            return ErrorOther;
        }

        return _chainVerdict switch
        {
            ChainVerdict.Valid => 0,
            ChainVerdict.Expired => ErrorExpired,
            ChainVerdict.UnknownAuthority => ErrorNoIssuer,
            _ => ErrorOther,
        };
    }

    private ChainVerdict CheckChain(nint stack)
    {
        int count = LibSsl.StackCount(stack);
        if (count is < 1 or > CertificateChain.MaxLength)
        {
            return ChainVerdict.WrongLength;
        }

        var sent = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            sent[i] = Encode(LibSsl.StackItem(stack, i));
        }

        var chain = new CertificateChain(sent);
        DateTimeOffset now = Context.Time.GetUtcNow();
        ChainVerdict verdict = Context.IsServer ? chain.ValidateClient(now) : chain.ValidateRouter(_expectedIdentity, now);
        if (verdict == ChainVerdict.Valid)
        {
            PeerChain = sent;
        }

        return verdict;
    }

    private static byte[] Encode(nint certificate)
    {
        byte[] der = new byte[LibX509.WriteCertificate(certificate, null)];
        fixed (byte* start = der)
        {
            byte* cursor = start;
            _ = LibX509.WriteCertificate(certificate, &cursor);
        }

        return der;
    }

    private void Begin(ReadOnlySequence<byte> input, PipeWriter? direct)
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        _input = input;
        _direct = direct;
        LibX509.ClearErrors();
    }

    private TlsStatus End(int result, ref ReadOnlySequence<byte> input)
    {
        input = _input;
        _input = default;
        _direct = null;
        if (_fault is { } fault)
        {
            Failure ??= new TlsFailure(TlsFailureKind.Protocol, "an internal error");
            _fault = null;
            throw new InvalidOperationException("The TLS session's transport failed.", fault);
        }

        if (result > 0)
        {
            return TlsStatus.Done;
        }

        switch (LibSsl.ErrorOf(_ssl, result))
        {
            case LibSsl.ErrorWantRead:
                return TlsStatus.NeedsInput;
            case LibSsl.ErrorZeroReturn:
                return TlsStatus.Closed;
            default:
                Failure = _chainVerdict == ChainVerdict.Valid
                    ? new TlsFailure(TlsFailureKind.Protocol, OpenSslError.TakeReason())
                    : new TlsFailure(TlsFailureKind.Certificate, $"the peer's certificates are refused: {_chainVerdict}", _chainVerdict);
                LibX509.ClearErrors();
                return TlsStatus.Failed;
        }
    }

    private void ReadResults()
    {
        byte* buffer = stackalloc byte[MaxFinishedBytes];
        nuint length = Context.IsServer
            ? LibSsl.PeerFinished(_ssl, buffer, MaxFinishedBytes)
            : LibSsl.OwnFinished(_ssl, buffer, MaxFinishedBytes);
        if (length is 0 or > MaxFinishedBytes)
        {
            throw new InvalidOperationException("OpenSSL finished a handshake without a Finished message.");
        }

        Unique = new ReadOnlySpan<byte>(buffer, (int)length).ToArray();

        byte* name;
        uint nameLength;
        LibSsl.SelectedAlpn(_ssl, &name, &nameLength);
        Protocol = nameLength == 0 ? null : System.Text.Encoding.ASCII.GetString(name, (int)nameLength);
    }
}
