using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// TLS 1.3 between nodes, with certificates of the cluster on both ends. Names of hosts are not compared: which node it is,
/// the hello tells, and every node of the cluster is trusted.
/// </summary>
internal static class LinkTls
{
    private static readonly SslApplicationProtocol Protocol = new("simplex-node/1");

    /// <summary>TLS as the node that dialled. The socket is closed when it fails.</summary>
    /// <exception cref="AuthenticationException">The peer's certificate, or this node's, is refused.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static Task<LinkConnection> ConnectAsync(Socket socket, LoadedCredentials credentials, TimeProvider time, CancellationToken cancellation) =>
        SecureAsync(socket, (tls, validation) => tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                // Only a name that servers could choose a certificate by; nobody looks at it.
                TargetHost = "node",
                EnabledSslProtocols = SslProtocols.Tls13,
                ApplicationProtocols = [Protocol],
                ClientCertificateContext = credentials.Context,
                CertificateChainPolicy = LoadedCredentials.Policy(credentials.Authorities, time),
                RemoteCertificateValidationCallback = validation.Validate,
                AllowTlsResume = false,
                AllowRenegotiation = false,
            },
            cancellation));

    /// <summary>TLS as the node that was dialled. The socket is closed when it fails.</summary>
    /// <inheritdoc cref="ConnectAsync"/>
    public static Task<LinkConnection> AcceptAsync(Socket socket, LoadedCredentials credentials, TimeProvider time, CancellationToken cancellation) =>
        SecureAsync(socket, (tls, validation) => tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                ApplicationProtocols = [Protocol],
                ServerCertificateContext = credentials.Context,
                ClientCertificateRequired = true,
                CertificateChainPolicy = LoadedCredentials.Policy(credentials.Authorities, time),
                RemoteCertificateValidationCallback = validation.Validate,
                AllowTlsResume = false,
                AllowRenegotiation = false,
            },
            cancellation));

    private static async Task<LinkConnection> SecureAsync(Socket socket, Func<SslStream, Validation, Task> authenticate)
    {
        socket.NoDelay = true;
        var validation = new Validation();
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
        try
        {
            await authenticate(tls, validation);
            if (tls.NegotiatedApplicationProtocol != Protocol)
            {
                throw new AuthenticationException("it does not speak as a node");
            }

            return new LinkConnection(socket, tls, validation.PeerName);
        }
        catch (AuthenticationException e) when (validation.Problem is { } problem)
        {
            await tls.DisposeAsync();
            throw new AuthenticationException(problem, e);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private sealed class Validation
    {
        public string? Problem { get; private set; }

        public string PeerName { get; private set; } = "";

        public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            if (certificate is not X509Certificate2 peer || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            {
                Problem = "it shows no certificate";
                return false;
            }

            PeerName = LoadedCredentials.NameOf(peer);
            if ((errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None)
            {
                return true;
            }

            IEnumerable<X509ChainStatusFlags> flags = chain?.ChainStatus.Select(status => status.Status) ?? [];
            Problem = $"its certificate is not a valid one of this cluster ({string.Join(", ", flags)})";
            return false;
        }
    }
}
