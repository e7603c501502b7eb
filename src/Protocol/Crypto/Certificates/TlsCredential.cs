namespace SimplexActors.Protocol.Crypto.Certificates;

/// <summary>A chain of certificates with the private key of its leaf: what one side of TLS presents. Owns the key.</summary>
/// <param name="Chain">DER certificates, leaf first; at least one.</param>
/// <param name="Key">Private key of the leaf.</param>
public sealed record TlsCredential(IReadOnlyList<byte[]> Chain, CertificateKey Key) : IDisposable
{
    /// <summary>Does the key belong to the leaf?</summary>
    public bool Matches()
    {
        using Certificate? leaf = Chain.Count == 0 ? null : Certificate.TryRead(Chain[0]);
        return leaf is not null && leaf.ExportPublicKey().AsSpan().SequenceEqual(Key.ExportPublicKey());
    }

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();
}
