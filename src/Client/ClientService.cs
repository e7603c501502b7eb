using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Client;

/// <summary>As which service to connect.</summary>
/// <param name="Role">A service has one role with a router, for good (S-101).</param>
/// <param name="Credentials">Stay the caller's, and are used as long as clients are.</param>
public sealed record ServiceLogin(ServiceRole Role, ServiceCredentials Credentials);

/// <summary>A service in one session with a router.</summary>
public sealed class ClientService : IDisposable
{
    internal ClientService(EntityId serviceId, ServiceLogin login, PrivateKey sessionKey)
    {
        ServiceId = serviceId;
        Role = login.Role;
        SessionKey = sessionKey;
        Signer = new ServiceSigner(login.Credentials.Fingerprint, sessionKey);
    }

    /// <summary>The service's id with the router.</summary>
    public EntityId ServiceId { get; }

    /// <summary>Which commands it may use (S-309).</summary>
    public ServiceRole Role { get; }

    /// <summary>Authorises <c>SUBS</c> and <c>NSUBS</c> (S-144).</summary>
    public PrivateKey SessionKey { get; }

    /// <summary>Signs <c>NEW</c>, <c>SUB</c> and <c>NSUB</c> (S-135).</summary>
    public ServiceSigner Signer { get; }

    /// <summary>Wipes the session key.</summary>
    public void Dispose() => SessionKey.Dispose();
}
