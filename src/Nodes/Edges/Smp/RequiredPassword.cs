using System.Security.Cryptography;
using System.Text;
using SimplexActors.Protocol.Addresses;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// A password that clients must show. Hashes are compared, in constant time, so that the answer takes the same time for any
/// password (S-496).
/// </summary>
/// <param name="password">As the operator wrote it; null when none is required.</param>
internal sealed class RequiredPassword(string? password)
{
    private readonly byte[]? _hash = password is null ? null : HashOf(BasicAuth.FromText(password)!);

    /// <summary>True when the client showed the password, or needs none.</summary>
    /// <param name="shown">As the command carried it; null when it had none.</param>
    public bool Accepts(string? shown) =>
        _hash is null || (shown is not null && CryptographicOperations.FixedTimeEquals(HashOf(shown), _hash));

    private static byte[] HashOf(string password) => SHA256.HashData(Encoding.Latin1.GetBytes(password));
}
