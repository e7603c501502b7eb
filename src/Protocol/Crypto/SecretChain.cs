using System.Security.Cryptography;

namespace SimplexActors.Protocol.Crypto;

/// <summary>
/// A chain of keys: each step replaces the chain key and gives the key and nonce of one block, so that keys of past
/// blocks cannot be found again (S-107, S-108). One direction of one connection; not for use by two threads at once.
/// </summary>
public sealed class SecretChain : IDisposable
{
    private const int StepLength = BoxKey.Length + BoxKey.Length + SecretBox.NonceLength;

    private readonly byte[] _chainKey = GC.AllocateUninitializedArray<byte>(BoxKey.Length, pinned: true);

    private SecretChain(ReadOnlySpan<byte> chainKey) => chainKey.CopyTo(_chainKey);

    private static ReadOnlySpan<byte> InitInfo => "SimpleXSbChainInit"u8;

    private static ReadOnlySpan<byte> StepInfo => "SimpleXSbChain"u8;

    /// <summary>Starts the two chains of a connection (S-107).</summary>
    /// <param name="sessionId">The TLS session's id.</param>
    /// <param name="secret">Agreed between the two session keys; 32 bytes.</param>
    /// <returns>The chain that the router sends with, and the one that it receives with.</returns>
    public static (SecretChain RouterSends, SecretChain RouterReceives) Start(ReadOnlySpan<byte> sessionId, ReadOnlySpan<byte> secret)
    {
        Span<byte> keys = stackalloc byte[2 * BoxKey.Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA512, secret, keys, sessionId, InitInfo);
        var chains = (new SecretChain(keys[..BoxKey.Length]), new SecretChain(keys[BoxKey.Length..]));
        CryptographicOperations.ZeroMemory(keys);
        return chains;
    }

    /// <summary>Advances the chain (S-108).</summary>
    /// <param name="key">The key of the next block. The caller clears it.</param>
    /// <param name="nonce">Filled; 24 bytes.</param>
    public void Step(out BoxKey key, Span<byte> nonce)
    {
        Span<byte> output = stackalloc byte[StepLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA512, _chainKey, output, [], StepInfo);
        output[..BoxKey.Length].CopyTo(_chainKey);
        key = new BoxKey(output.Slice(BoxKey.Length, BoxKey.Length));
        output[(2 * BoxKey.Length)..].CopyTo(nonce);
        CryptographicOperations.ZeroMemory(output);
    }

    /// <summary>Wipes the chain key.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_chainKey);
}
