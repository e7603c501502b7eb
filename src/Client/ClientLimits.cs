using SimplexActors.Protocol.Transport;

namespace SimplexActors.Client;

/// <summary>Bounds of one client connection.</summary>
internal static class ClientLimits
{
    /// <summary>Commands that were encoded and wait for room in a block; the next caller waits.</summary>
    public const int WaitingCommands = 256;

    /// <summary>Commands in one block, which the count byte can say (S-113).</summary>
    public const int CommandsPerBlock = byte.MaxValue;

    /// <summary>Bytes that commands with their lengths may take in a block that they share (S-121).</summary>
    public const int SharedBlockBytes = Block.MaxTransmissions;

    /// <summary>Bytes of a correlation id; it is also the nonce of an authenticator (S-133).</summary>
    public const int CorrelationIdBytes = 24;

    /// <summary>Correlation ids that one draw of random bytes makes.</summary>
    public const int CorrelationIdsPerDraw = 128;

    /// <summary>Completed commands kept for reuse.</summary>
    public const int PooledCommands = 512;

    /// <summary>Secrets agreed between queue keys and the router's session key that are kept per connection.</summary>
    public const int AgreedSecrets = 1 << 16;

    /// <summary>Subscriptions of one call that may wait for their answers at the same time: five full blocks (S-123).</summary>
    public const int SubscriptionWindow = 5 * 135;
}
