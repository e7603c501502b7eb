using System.Diagnostics.CodeAnalysis;
using System.Text;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Smp.Errors;

/// <summary>Reads errors as they stand after <c>ERR </c> (section 11 of the specification).</summary>
public static class SmpErrorParser
{
    // Texts are for people: what is not UTF-8 becomes a question mark.
    private static readonly System.Text.Encoding LenientUtf8 =
        System.Text.Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("?"));

    /// <summary>Reads one error, whole.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SmpError? error)
    {
        error = Parse(bytes, SmpSizes.MaxErrorDepthLevels);
        return error is not null;
    }

    private static SmpError? Parse(ReadOnlySpan<byte> bytes, int depth)
    {
        ReadOnlySpan<byte> tag = TakeTag(bytes, out ReadOnlySpan<byte> detail, out bool hasDetail);
        if (!hasDetail)
        {
            return Plain(tag);
        }

        return tag switch
        {
            _ when tag.SequenceEqual("CMD"u8) => ParseCmd(detail),
            _ when tag.SequenceEqual("PROXY"u8) => ParseProxy(detail, depth),
            _ when tag.SequenceEqual("NAME"u8) => ParseName(detail),
            _ when tag.SequenceEqual("STORE"u8) => new StoreError(LenientUtf8.GetString(detail)),
            _ when tag.SequenceEqual("BLOCKED"u8) => BlockingInfoText.TryParse(detail, out BlockingInfo? info) ? new BlockedError(info) : null,
            _ => null,
        };
    }

    private static SmpError? Plain(ReadOnlySpan<byte> tag) => tag switch
    {
        _ when tag.SequenceEqual("AUTH"u8) => SmpError.Auth,
        _ when tag.SequenceEqual("QUOTA"u8) => SmpError.Quota,
        _ when tag.SequenceEqual("NO_MSG"u8) => SmpError.NoMsg,
        _ when tag.SequenceEqual("BLOCK"u8) => SmpError.Block,
        _ when tag.SequenceEqual("SESSION"u8) => SmpError.Session,
        _ when tag.SequenceEqual("SERVICE"u8) => SmpError.Service,
        _ when tag.SequenceEqual("CRYPTO"u8) => SmpError.Crypto,
        _ when tag.SequenceEqual("EXPIRED"u8) => SmpError.Expired,
        _ when tag.SequenceEqual("LARGE_MSG"u8) => SmpError.LargeMsg,
        _ when tag.SequenceEqual("INTERNAL"u8) => SmpError.Internal,
        _ when tag.SequenceEqual("DUPLICATE_"u8) => SmpError.Duplicate,
        _ => null,
    };

    private static CmdError? ParseCmd(ReadOnlySpan<byte> kind) => kind switch
    {
        _ when kind.SequenceEqual("SYNTAX"u8) => CmdError.Syntax,
        _ when kind.SequenceEqual("UNKNOWN"u8) => CmdError.Unknown,
        _ when kind.SequenceEqual("PROHIBITED"u8) => CmdError.Prohibited,
        _ when kind.SequenceEqual("NO_AUTH"u8) => CmdError.NoAuth,
        _ when kind.SequenceEqual("HAS_AUTH"u8) => CmdError.HasAuth,
        _ when kind.SequenceEqual("NO_ENTITY"u8) || kind.SequenceEqual("NO_QUEUE"u8) => CmdError.NoEntity,
        _ => null,
    };

    private static SmpError? ParseName(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> tag = TakeTag(bytes, out ReadOnlySpan<byte> detail, out bool hasDetail);
        return tag switch
        {
            _ when tag.SequenceEqual("RESOLVER"u8) && hasDetail => new NameResolverError(LenientUtf8.GetString(detail)),
            _ when tag.SequenceEqual("NO_RESOLVER"u8) && !hasDetail => SmpError.NameNoResolver,
            _ when tag.SequenceEqual("NOT_FOUND"u8) && !hasDetail => SmpError.NameNotFound,
            _ => null,
        };
    }

    private static SmpError? ParseProxy(ReadOnlySpan<byte> bytes, int depth)
    {
        ReadOnlySpan<byte> tag = TakeTag(bytes, out ReadOnlySpan<byte> detail, out bool hasDetail);
        if (!hasDetail)
        {
            return tag.SequenceEqual("BASIC_AUTH"u8) ? SmpError.ProxyBasicAuth
                : tag.SequenceEqual("NO_SESSION"u8) ? SmpError.ProxyNoSession
                : null;
        }

        if (tag.SequenceEqual("PROTOCOL"u8) && depth > 0)
        {
            return Parse(detail, depth - 1) is { } inner ? new ProxyProtocolError(inner) : null;
        }

        return tag.SequenceEqual("BROKER"u8) && ParseBroker(detail) is { } broker ? new ProxyBrokerError(broker) : null;
    }

    private static BrokerError? ParseBroker(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> tag = TakeTag(bytes, out ReadOnlySpan<byte> detail, out bool hasDetail);
        if (!hasDetail)
        {
            return tag switch
            {
                _ when tag.SequenceEqual("TIMEOUT"u8) => BrokerError.Timeout,
                _ when tag.SequenceEqual("NETWORK"u8) => new BrokerNetworkError(NetworkErrorKind.Failed),
                _ when tag.SequenceEqual("HOST"u8) => BrokerError.Host,
                _ when tag.SequenceEqual("NO_SERVICE"u8) => BrokerError.NoService,
                _ => null,
            };
        }

        return tag switch
        {
            _ when tag.SequenceEqual("RESPONSE"u8) => ParseLatin1(detail) is { } text ? new BrokerResponseError(text) : null,
            _ when tag.SequenceEqual("UNEXPECTED"u8) => ParseLatin1(detail) is { } text ? new BrokerUnexpectedError(text) : null,
            _ when tag.SequenceEqual("TRANSPORT"u8) => TransportErrorText.TryParse(detail, out TransportError error) ? new BrokerTransportError(error) : null,
            _ when tag.SequenceEqual("NETWORK"u8) => ParseNetwork(detail),
            _ => null,
        };
    }

    private static BrokerNetworkError? ParseNetwork(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> tag = TakeTag(bytes, out ReadOnlySpan<byte> detail, out bool hasDetail);
        if (!hasDetail)
        {
            return tag switch
            {
                _ when tag.SequenceEqual("FAILED"u8) => new BrokerNetworkError(NetworkErrorKind.Failed),
                _ when tag.SequenceEqual("TIMEOUT"u8) => new BrokerNetworkError(NetworkErrorKind.Timeout),
                _ when tag.SequenceEqual("UNKNOWNCA"u8) => new BrokerNetworkError(NetworkErrorKind.UnknownCa),
                _ => null,
            };
        }

        NetworkErrorKind? kind = tag switch
        {
            _ when tag.SequenceEqual("CONNECT"u8) => NetworkErrorKind.Connect,
            _ when tag.SequenceEqual("TLS"u8) => NetworkErrorKind.Tls,
            _ when tag.SequenceEqual("SUBSCRIBE"u8) => NetworkErrorKind.Subscribe,
            _ => null,
        };
        return kind is { } known && ParseLatin1(detail) is { } text ? new BrokerNetworkError(known, text) : null;
    }

    private static string? ParseLatin1(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        string text = System.Text.Encoding.Latin1.GetString(reader.ReadShort());
        return reader.IsComplete ? text : null;
    }

    private static ReadOnlySpan<byte> TakeTag(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> detail, out bool hasDetail)
    {
        int end = bytes.IndexOf((byte)' ');
        hasDetail = end >= 0;
        detail = hasDetail ? bytes[(end + 1)..] : default;
        return hasDetail ? bytes[..end] : bytes;
    }
}
