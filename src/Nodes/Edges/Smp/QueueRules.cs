using System.Security.Cryptography;
using System.Text;
using SimplexActors.Protocol.Addresses;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>The operator's rules for new queues (S-227).</summary>
internal sealed class QueueRules(bool newQueues, string? createPassword)
{
    private readonly byte[]? _passwordHash = createPassword is null ? null : HashOf(BasicAuth.FromText(createPassword)!);

    /// <summary>
    /// Whether a client with this password may create a queue. Hashes are compared, in constant time, so that the answer
    /// takes the same time for any password (S-496).
    /// </summary>
    public bool Allows(string? password) =>
        newQueues
        && (_passwordHash is null || (password is not null && CryptographicOperations.FixedTimeEquals(HashOf(password), _passwordHash)));

    private static byte[] HashOf(string password) => SHA256.HashData(Encoding.Latin1.GetBytes(password));
}
