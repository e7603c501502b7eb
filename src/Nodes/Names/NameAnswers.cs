using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Names;

/// <summary>What clients are told of what the resolver said (S-362).</summary>
internal static class NameAnswers
{
    /// <summary>No connection, or a broken one.</summary>
    public static ErrResponse TransportFailure { get; } = Resolver("transport failure");

    /// <summary>The body is over its limit, or what is to be sent of it does not fit a block.</summary>
    public static ErrResponse TooLarge { get; } = Resolver("response too large");

    /// <summary>The body is no name record.</summary>
    public static ErrResponse Invalid { get; } = Resolver("invalid response");

    /// <summary>No whole response in time.</summary>
    public static ErrResponse Timeout { get; } = Resolver("timeout");

    /// <summary>More lookups wait than may; the network's clients show this text as they show the others.</summary>
    public static ErrResponse Busy { get; } = Resolver("too many lookups");

    /// <summary>A fault of this router.</summary>
    public static ErrResponse Fault { get; } = Resolver("resolver error");

    private static readonly ErrResponse NotFound = new(SmpError.NameNotFound);

    /// <summary>The answer to <c>RSLV</c>.</summary>
    public static SmpResponse Of(in ResolverResponse response)
    {
        switch (response)
        {
            case { Status: 404 or 400 }:
                return NotFound;
            case { Status: >= 400 }:
                return Resolver($"HTTP {response.Status}");
            case { IsTooLarge: true }:
                return TooLarge;
        }

        if (!NameRecord.TryParse(response.Body.Span, out NameRecord? record))
        {
            return Invalid;
        }

        byte[] json = record.ToJson();
        return json.Length > SmpSizes.MaxNameRecordBytes ? TooLarge : new RnameResponse(json);
    }

    private static ErrResponse Resolver(string text) => new(new NameResolverError(text));
}
