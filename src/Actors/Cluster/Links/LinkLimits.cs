namespace SimplexActors.Actors.Cluster.Links;

/// <summary>Bounds of the links between nodes. Those that a peer has to know are told in <see cref="LinkHello"/>.</summary>
public static class LinkLimits
{
    /// <summary>Bytes of a message in one frame; larger messages are cut.</summary>
    public const int FrameBytes = 16 * 1024;

    /// <summary>Bytes of a message.</summary>
    public const int MessageBytes = 1024 * 1024;

    /// <summary>What a message costs beyond its bytes, so that many empty ones have a bound too.</summary>
    public const int MessageOverheadBytes = 64;

    /// <summary>Bytes that a stream may hold at the receiver before its sender waits; one message may exceed it.</summary>
    public const int StreamWindowBytes = 128 * 1024;

    /// <summary>Bytes of posted messages that the peer has not taken; with more, the session ends.</summary>
    public const long PostedBytes = 64L * 1024 * 1024;

    /// <summary>Streams of a session in each direction.</summary>
    public const int StreamsPerSession = 4096;

    /// <summary>Frames that leave in one write.</summary>
    public const int FramesPerWrite = 4;

    /// <summary>Bytes that one read takes from a session.</summary>
    public const int ReadBytes = 64 * 1024;

    /// <summary>Bytes of a hello after its length; more than any release needs.</summary>
    public const int HelloBytes = 1024;

    /// <summary>Bytes of the name of a cluster.</summary>
    public const int ClusterNameBytes = 64;

    /// <summary>Bytes of the reason that is told to a peer.</summary>
    public const int ReasonBytes = 512;

    /// <summary>Handshakes with nodes that dialled, at the same time; more wait to be accepted.</summary>
    public const int IncomingHandshakes = 128;

    /// <summary>Connections that the system holds until they are accepted.</summary>
    public const int Backlog = 128;

    /// <summary>Refusals of peers that are remembered, so that each is logged once.</summary>
    public const int RememberedRefusals = 256;

    /// <summary>Cancelled messages of a stream from which on they are removed together.</summary>
    public const int CancelledPerStream = 32;

    /// <summary>A session is pinged when nothing arrived for so long.</summary>
    public static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(1);

    /// <summary>A session ends when nothing arrived, or a write took longer than this.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    /// <summary>Time to connect, and again for TLS and hello.</summary>
    public static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(5);

    /// <summary>Time in which a session that is closed sends what was posted, and hands out what had arrived.</summary>
    public static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    /// <summary>The first pause before a node is dialled again.</summary>
    public static readonly TimeSpan DialFirst = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause before a node is dialled again.</summary>
    public static readonly TimeSpan DialLongest = TimeSpan.FromSeconds(2);

    /// <summary>A session that lived so long lets the pauses begin anew.</summary>
    public static readonly TimeSpan GoodLife = TimeSpan.FromSeconds(5);

    /// <summary>Time between two looks whether a node is still a member.</summary>
    public static readonly TimeSpan MemberCheck = TimeSpan.FromSeconds(1);

    /// <summary>Pause after the system could not accept a connection.</summary>
    public static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(200);

    /// <summary>Connections that did not become sessions and whose node is not known are logged at most once in this time.</summary>
    public static readonly TimeSpan StrangerLogInterval = TimeSpan.FromMinutes(1);

    /// <summary>A certificate whose validity ends within this time is to be renewed.</summary>
    public static readonly TimeSpan RenewalIsDue = TimeSpan.FromDays(30);

    /// <summary>How often a node looks whether its certificate is to be renewed.</summary>
    public static readonly TimeSpan CertificateLook = TimeSpan.FromDays(1);
}
