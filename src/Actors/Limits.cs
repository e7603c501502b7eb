namespace SimplexActors.Actors;

/// <summary>
/// Every bound of the router that is not a size on the wire, with its unit in its name or in its comment.
/// Sizes on the wire stand beside the protocol they belong to.
/// </summary>
public static class Limits
{
    /// <summary>Shards of a region, unless a cluster has another number.</summary>
    public const int ShardsPerRegion = 256;

    /// <summary>Commands that wait for one shard before its callers have to wait.</summary>
    public const int InboxCommandsPerShard = 1024;

    /// <summary>Commands that one shard handles before it gives its thread to others.</summary>
    public const int CommandsPerTurn = 128;

    /// <summary>Commands of one shard that wait for entities being loaded; at this number the shard takes no more.</summary>
    public const int ParkedCommandsPerShard = 2048;

    /// <summary>Entities of a region whose whole state is in memory; beyond it the least used ones leave.</summary>
    public const int LoadedEntitiesPerRegion = 65_536;

    /// <summary>Entities that one read of the store asks for.</summary>
    public const int EntitiesPerLoad = 256;

    /// <summary>Reads of a region that run at the same time.</summary>
    public const int ConcurrentLoads = 2;

    /// <summary>Decisions that one transaction stores.</summary>
    public const int SetsPerCommit = 1024;

    /// <summary>Bytes of changes after which a transaction takes no further decision.</summary>
    public const int BytesPerCommit = 8 * 1024 * 1024;

    /// <summary>
    /// Decisions that wait for the store before shards stop taking commands. A turn that has begun ends, so at most
    /// <see cref="ShardsPerRegion"/> times <see cref="CommandsPerTurn"/> more can be waiting.
    /// </summary>
    public const int DecisionsWaitingForCommit = 8192;

    /// <summary>An entity that nobody used for one to two of these leaves memory.</summary>
    public static readonly TimeSpan IdleSweepInterval = TimeSpan.FromSeconds(60);

    /// <summary>Pause before a read of the store is tried again.</summary>
    public static readonly TimeSpan LoadRetry = TimeSpan.FromMilliseconds(200);

    /// <summary>Pause between two looks whether the name resolver is well.</summary>
    public static readonly TimeSpan ResolverHealthInterval = TimeSpan.FromMinutes(5);

    /// <summary>Precision of time-outs.</summary>
    public static readonly TimeSpan TimerTick = TimeSpan.FromMilliseconds(250);

    /// <summary>Slots of the timer wheel: time-outs up to slots times tick are found without a detour.</summary>
    public const int TimerSlots = 1024;

    /// <summary>The first pause after a scheduled job failed.</summary>
    public static readonly TimeSpan JobRetryFirst = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause after a scheduled job failed.</summary>
    public static readonly TimeSpan JobRetryLongest = TimeSpan.FromMinutes(5);

    /// <summary>Faults of one source are logged at most once in this time; the next line says how many were not.</summary>
    public static readonly TimeSpan FaultLogInterval = TimeSpan.FromSeconds(1);

    /// <summary>Messages that a queue holds, without the quota marker (S-280).</summary>
    public const int MessagesPerQueue = 128;

    /// <summary>Notifications that wait in the store for one notifier; the newest are kept (S-484).</summary>
    public const int StoredNotificationsPerNotifier = 128;

    /// <summary>Connections whose use of <c>GET</c> one queue remembers (S-253).</summary>
    public const int GettersPerQueue = 16;

    /// <summary>Queues that one page of the search for expired messages names.</summary>
    public const int ExpiryPageQueues = 200;

    /// <summary>Queues per second that the expiry job tells to remove messages.</summary>
    public const int ExpiryQueuesPerSecond = 2000;

    /// <summary>Times that a handshake looks for the record of a service which others make or delete meanwhile.</summary>
    public const int ServiceRecordAttempts = 3;

    /// <summary>Queues of a service that one page after <c>SUBS</c> attaches.</summary>
    public const int ServiceQueuesPerPage = 64;

    /// <summary>Queues that a connection attaches at a time after <c>SUBS</c>, until it has sent what they had (S-499).</summary>
    public const int ServiceQueuesInFlight = 128;

    /// <summary>Subscriptions per second that the connections of a node renew with new owners of their queues.</summary>
    public const int RenewalsPerSecond = 20_000;

    /// <summary>How often more renewals are granted while connections wait for them.</summary>
    public static readonly TimeSpan RenewalTick = TimeSpan.FromMilliseconds(50);

    /// <summary>Pause before a renewal that an owner could not decide is told again.</summary>
    public static readonly TimeSpan RenewalRetry = TimeSpan.FromSeconds(1);

    /// <summary>TLS handshakes in progress; beyond it the oldest is given up.</summary>
    public const int HandshakesInProgress = 4096;

    /// <summary>Browsers connected at the same time; one more is closed at once.</summary>
    public const int WebConnections = 1024;

    /// <summary>Requests that one browser may have under way on one HTTP/2 connection.</summary>
    public const int WebStreamsPerConnection = 32;

    /// <summary>Bytes of a browser's request line, and of all fields of a request.</summary>
    public const int WebRequestBytes = 16 * 1024;

    /// <summary>Time that a browser has to send the head of a request.</summary>
    public static readonly TimeSpan WebRequestHead = TimeSpan.FromSeconds(15);

    /// <summary>Time that a browser's connection may be without a request.</summary>
    public static readonly TimeSpan WebKeepAlive = TimeSpan.FromSeconds(60);

    /// <summary>Groups of connections that are ended one after the other when a node of a cluster stops.</summary>
    public const int ReleaseWaves = 64;

    /// <summary>Sessions on the control port at the same time; one more is closed at once.</summary>
    public const int ControlSessions = 16;

    /// <summary>Bytes of one command on the control port.</summary>
    public const int ControlLineBytes = 4096;

    /// <summary>Wrong passwords after which a session on the control port ends.</summary>
    public const int ControlPasswordAttempts = 5;

    /// <summary>Pause before a wrong password is answered.</summary>
    public static readonly TimeSpan ControlWrongPasswordPause = TimeSpan.FromMilliseconds(500);

    /// <summary>A session on the control port ends when its client neither sends a command nor takes an answer for so long.</summary>
    public static readonly TimeSpan ControlSilence = TimeSpan.FromMinutes(10);

    /// <summary>Blocks of one connection that wait for their answers before it is read no further.</summary>
    public const int BlocksInFlightPerConnection = 16;

    /// <summary>Commands of one connection that wait for other machines before it is read no further (S-354).</summary>
    public const int ForkedCommandsPerConnection = 32;

    /// <summary>Forwarded <c>RSLV</c> of one connection, which is a proxy's, before it is read no further (S-354).</summary>
    public const int ForwardedLookupsPerConnection = 1000;

    /// <summary>
    /// Least time from the arrival of a block to its answers when a command of it is refused for its authorisation; longer
    /// than the work of any refusal, so that the time says nothing about what was looked up and verified (S-139, S-140).
    /// </summary>
    public static readonly TimeSpan RefusalTime = TimeSpan.FromMilliseconds(5);

    /// <summary>What every command of a block adds to <see cref="RefusalTime"/>.</summary>
    public static readonly TimeSpan RefusalTimePerCommand = TimeSpan.FromMilliseconds(1);

    /// <summary>Blocks with refusals leave at ticks of this length.</summary>
    public static readonly TimeSpan RefusalTick = TimeSpan.FromMilliseconds(5);

    /// <summary>The ticks stop when no block came for so long.</summary>
    public static readonly TimeSpan RefusalClockRest = TimeSpan.FromSeconds(1);

    /// <summary>Relays that the proxy knows, reached or not; beyond it only those are served that are known.</summary>
    public const int Relays = 4096;

    /// <summary>Attempts to reach relays that run at the same time.</summary>
    public const int RelayAttempts = 256;

    /// <summary>Connections to one relay.</summary>
    public const int ConnectionsPerRelay = 4;

    /// <summary>Commands that wait on each connection to a relay before a further connection is opened.</summary>
    public const int BusyRelayConnection = 24;

    /// <summary>Commands that may wait on one connection to a relay; more are refused.</summary>
    public const int ForwardsPerRelayConnection = 256;

    /// <summary>Commands that may wait for relays in the whole node; more are refused.</summary>
    public const int ForwardsPerNode = 16_384;

    /// <summary>Relays of one client whose sessions are remembered, so that it gets the same again.</summary>
    public const int RelaysPerClient = 64;

    /// <summary>Names of relays that are asked of DNS at the same time.</summary>
    public const int RelayNameLookups = 8;

    /// <summary>Addresses of one relay that are tried.</summary>
    public const int AddressesPerRelay = 4;

    /// <summary>Time between two searches for relays that nobody uses.</summary>
    public static readonly TimeSpan RelaySweepInterval = TimeSpan.FromSeconds(10);

    /// <summary>Queues whose keys one connection remembers.</summary>
    public const int KeysPerConnection = 256;

    /// <summary>Commands of one block from which on they are verified in parallel.</summary>
    public const int ParallelVerificationFrom = 8;

    /// <summary>Bytes of message bodies that wait in memory for one connection; more are read from the store again.</summary>
    public const int BodyBytesHeldPerConnection = 64 * 1024;

    /// <summary>Notifications that wait in memory for one connection; more go back to the store.</summary>
    public const int NotificationsPerConnection = 1024;

    /// <summary>Pause before a message body is read again after the store could not be read.</summary>
    public static readonly TimeSpan BodyRetry = TimeSpan.FromSeconds(1);

    /// <summary>Name lookups that wait for a place among those that run; more are refused.</summary>
    public const int WaitingNameLookups = 4096;

    /// <summary>Connections to the name resolver that are kept for the next lookups (S-361).</summary>
    public const int IdleResolverConnections = 10;

    /// <summary>A kept connection to the name resolver is replaced after this time, so that its address may change.</summary>
    public static readonly TimeSpan ResolverConnectionLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Distinct queues that the statistics of active queues know, 8 to 24 bytes each; more are not counted.</summary>
    public const int ActiveQueuesCounted = 2 * 1024 * 1024;

    /// <summary>Stored hashes of active queues beyond twice those in use before a sixteenth of them is written anew.</summary>
    public const int ActiveQueueLogSlack = 4096;

    /// <summary>Hashes of active queues in one row of the store (64 KiB).</summary>
    public const int ActiveQueuesPerRow = 8192;

    /// <summary>Time between two times that the statistics are stored; a router that is killed loses at most what it counted since.</summary>
    public static readonly TimeSpan StatisticsInterval = TimeSpan.FromMinutes(1);

    /// <summary>Ended days whose statistics are kept.</summary>
    public const int StatisticsDaysKept = 40;

    /// <summary>Client addresses that limits are kept for; with more, further ones are not limited.</summary>
    public const int TrackedAddresses = 262_144;

    /// <summary>Connections that are refused because of their address are logged at most once in this time.</summary>
    public static readonly TimeSpan RefusalLogInterval = TimeSpan.FromMinutes(1);

    /// <summary>Pause between two looks at the size of the store and the space of its disk.</summary>
    public static readonly TimeSpan StorageLookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Queues that one page of the search for unused queues names.</summary>
    public const int CollectionPageQueues = 200;

    /// <summary>
    /// Pause after a page of the search for unused queues. With it, at most 2,000 queues per second are deleted and some 20,000 looked at.
    /// </summary>
    public static readonly TimeSpan CollectionPageInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest time from a start to the first search for unused queues; clients have connected again by then.</summary>
    public static readonly TimeSpan CollectionFirst = TimeSpan.FromHours(1);

    /// <summary>Least pause between two looks of a node at the cluster.</summary>
    public static readonly TimeSpan OwnershipRoundPause = TimeSpan.FromMilliseconds(5);

    /// <summary>Pause before shards are claimed again to which somebody still wrote.</summary>
    public static readonly TimeSpan OwnershipClaimRetry = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a node that is gone stays in the table of nodes.</summary>
    public static readonly TimeSpan GoneNodesKept = TimeSpan.FromDays(7);

    /// <summary>How often each node looks for such that are to be forgotten.</summary>
    public static readonly TimeSpan GoneNodesLook = TimeSpan.FromHours(1);

    /// <summary>Gone nodes that are forgotten at a time.</summary>
    public const int GoneNodesPerLook = 100;
}
