namespace SimplexActors.Protocol.Smp;

/// <summary>The two opaque blobs behind a short link (S-301).</summary>
/// <param name="Fixed">Cannot change once set.</param>
/// <param name="User">May be replaced by the owner.</param>
public sealed record LinkData(ReadOnlyMemory<byte> Fixed, ReadOnlyMemory<byte> User);
