using System.Net;
using System.Net.Sockets;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Tls;

namespace SimplexActors.Client.Connection;

/// <summary>Makes connections: TCP, then TLS with the router's identity, then the SMP handshake, within one time limit.</summary>
internal static class Connector
{
    /// <summary>The settings of nearly all connections, shared because each context costs memory.</summary>
    private static readonly TlsContext DefaultContext = TlsContext.ForClient(new TlsClientOptions());

    /// <exception cref="SmpException">With a <see cref="ConnectFailed"/>.</exception>
    public static async Task<SmpConnection> ConnectAsync(RouterAddress router, SmpClientOptions options, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(options.ConnectTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await ConnectWithinLimitAsync(router, options, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new SmpException(new ConnectFailed(ConnectProblem.TimedOut));
        }
        catch (TlsException failure)
        {
            bool isOther = failure.Failure.Chain is ChainVerdict.UnknownAuthority;
            throw new SmpException(new ConnectFailed(isOther ? ConnectProblem.WrongRouter : ConnectProblem.Tls), failure);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            throw new SmpException(new ConnectFailed(ConnectProblem.Unreachable), failure);
        }
    }

    /// <summary>The SMP handshake over a stream that is a TLS session with the router.</summary>
    public static async Task<SmpConnection> HandshakeAsync(
        Stream stream, TlsPeer peer, RouterAddress router, SmpClientOptions options, CancellationToken cancellation)
    {
        byte[] block = new byte[Block.Length];
        var handshake = new Handshake(router, peer, options);
        try
        {
            await stream.ReadExactlyAsync(block, cancellation);
            if (handshake.Take(block) is { } problem)
            {
                throw new SmpException(new ConnectFailed(problem));
            }

            handshake.Answer(block);
            await stream.WriteAsync(block, cancellation);
            await stream.FlushAsync(cancellation);
            if (handshake.AwaitsService)
            {
                await stream.ReadExactlyAsync(block, cancellation);
                if (handshake.TakeService(block) is { } refusal)
                {
                    throw new SmpException(new ConnectFailed(refusal));
                }
            }

            Session session = handshake.Finish() ?? throw new SmpException(new ConnectFailed(ConnectProblem.BadKey));
            return new SmpConnection(stream, session);
        }
        catch
        {
            handshake.Dispose();
            await stream.DisposeAsync();
            throw;
        }
    }

    private static async Task<SmpConnection> ConnectWithinLimitAsync(
        RouterAddress router, SmpClientOptions options, CancellationToken cancellation)
    {
        Socket socket = await (options.Dial ?? ConnectSocketAsync)(router, cancellation);
        bool isDefault = !options.OnlyTls12 && options.Certificate is null && options.Service is null && options.Time == TimeProvider.System
            && options.ApplicationProtocols is [TlsAlpn.Smp];
        using TlsContext? own = isDefault ? null : TlsContext.ForClient(new TlsClientOptions
        {
            Protocols = options.ApplicationProtocols,
            Credential = options.Certificate ?? options.Service?.Credentials.Certificate,
            Time = options.Time,
            OnlyTls12 = options.OnlyTls12,
        });
        TlsStream tls = await TlsStream.ConnectAsync(
            own ?? DefaultContext, new NetworkStream(socket, ownsSocket: true), router.Fingerprint.ToArray(), cancellation);
        if (new CertificateChain(tls.PeerChain).TryReadLeafKey() is not { } leafKey)
        {
            await tls.DisposeAsync();
            throw new SmpException(new ConnectFailed(ConnectProblem.BadKey));
        }

        return await HandshakeAsync(tls, new TlsPeer(tls.SessionId, leafKey), router, options, cancellation);
    }

    /// <summary>Tries the hosts in order, and all addresses of each.</summary>
    private static async Task<Socket> ConnectSocketAsync(RouterAddress router, CancellationToken cancellation)
    {
        SocketException? last = null;
        foreach (RouterHost host in router.Hosts)
        {
            try
            {
                return await RouterSocket.ConnectAsync(new DnsEndPoint(host.Name, router.Port ?? SmpClientOptions.DefaultPort), cancellation);
            }
            catch (SocketException failure)
            {
                // The next host may be reached; the last failure is reported.
                last = failure;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }
}
