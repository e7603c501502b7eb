namespace SimplexActors.Protocol.Smp;

/// <summary>
/// Protocol versions, each named by what it changed on the wire (S-074 to S-088). A feature is in use when
/// the version of the connection, or of the forwarded command (S-208), is at least its constant.
/// </summary>
public static class SmpVersion
{
    /// <summary>Lowest version: session id in every transmission, signatures only (S-074).</summary>
    public const ushort Lowest = 6;

    /// <summary>Keys in the hellos, X25519 authenticators, session id no longer sent (S-075).</summary>
    public const ushort CommandAuthenticators = 7;

    /// <summary>Proxy commands (S-076).</summary>
    public const ushort Proxy = 8;

    /// <summary>Senders may secure queues; <c>NEW</c> and <c>IDS</c> carry the flag (S-077).</summary>
    public const ushort SenderKeys = 9;

    /// <summary><c>DELD</c> (S-078).</summary>
    public const ushort DeletedEvent = 10;

    /// <summary>Encrypted blocks (S-079).</summary>
    public const ushort BlockEncryption = 11;

    /// <summary><c>BLOCKED</c> (S-080).</summary>
    public const ushort BlockedError = 12;

    /// <summary>Proxies say that they are proxies (S-082).</summary>
    public const ushort ProxyFlag = 14;

    /// <summary>Queue modes and short links (S-083).</summary>
    public const ushort ShortLinks = 15;

    /// <summary>Client services, <c>SOK</c> (S-084).</summary>
    public const ushort ClientServices = 16;

    /// <summary><c>NEW</c> and <c>IDS</c> carry notification credentials (S-085).</summary>
    public const ushort NewQueueNotifier = 17;

    /// <summary><c>BLOCKED</c> carries a notice (S-086).</summary>
    public const ushort BlockedNotice = 18;

    /// <summary>Service subscriptions carry count and hash (S-087).</summary>
    public const ushort ServiceQueues = 19;

    /// <summary><c>RSLV</c> and <c>RNAME</c> (S-088).</summary>
    public const ushort Names = 20;

    /// <summary>Highest version (S-070).</summary>
    public const ushort Current = 20;
}
