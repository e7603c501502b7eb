using System.Buffers.Binary;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// What happens after TLS and before frames: both ends say hello, then both say what they make of it, so that a refusal has
/// the same reason in both logs: <c>verdict = accepted(1) reasonLength(2) reason</c>. Nothing follows unless both accept.
/// </summary>
internal static class LinkHandshake
{
    private const int VerdictHeadBytes = 3;

    /// <summary>Agrees with the peer, or says why not.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static async Task<LinkAgreement> RunAsync(Stream stream, LinkHello own, CancellationToken cancellation)
    {
        await stream.WriteAsync(own.Encode(), cancellation);
        byte[] head = new byte[LinkHello.HeadBytes];
        await stream.ReadExactlyAsync(head, cancellation);
        if (LinkHello.LengthAfter(head) is not { } length)
        {
            return new LinkAgreement(NodeNumber.None, "it did not say hello as a node does");
        }

        byte[] rest = new byte[length];
        await stream.ReadExactlyAsync(rest, cancellation);
        if (LinkHello.TryDecode(rest) is not { } peer)
        {
            return new LinkAgreement(NodeNumber.None, "its hello makes no sense");
        }

        LinkAgreement agreement = LinkAgreement.Of(own, peer);
        await stream.WriteAsync(Verdict(agreement.Refusal), cancellation);
        string? refused = await ReadVerdictAsync(stream, cancellation);
        return agreement.Refusal is null && refused is not null ? agreement with { Refusal = $"it refused: {refused}" } : agreement;
    }

    private static byte[] Verdict(string? refusal)
    {
        byte[] reason = LinkReason.Encode(refusal ?? "");
        byte[] verdict = [refusal is null ? (byte)1 : (byte)0, 0, 0, .. reason];
        BinaryPrimitives.WriteUInt16BigEndian(verdict.AsSpan(1), (ushort)reason.Length);
        return verdict;
    }

    private static async Task<string?> ReadVerdictAsync(Stream stream, CancellationToken cancellation)
    {
        byte[] head = new byte[VerdictHeadBytes];
        await stream.ReadExactlyAsync(head, cancellation);
        int length = BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(1));
        if (length > LinkLimits.ReasonBytes)
        {
            return "for a reason that is too long";
        }

        byte[] reason = new byte[length];
        await stream.ReadExactlyAsync(reason, cancellation);
        return head[0] == 1 ? null : LinkReason.Decode(reason);
    }
}
