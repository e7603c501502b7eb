using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Smp.Errors;

/// <summary>Writes errors as they stand after <c>ERR </c> (section 11 of the specification).</summary>
public static class SmpErrorWriter
{
    /// <summary>Writes <paramref name="error"/> as every version knows it; <see cref="ForVersion"/> comes first.</summary>
    public static void Write(ref WireWriter writer, SmpError error)
    {
        switch (error)
        {
            case SimpleError simple:
                WriteUtf8(ref writer, simple.Tag);
                break;
            case CmdError cmd:
                writer.Write(BytesOf(cmd.Kind));
                break;
            case BlockedError blocked:
                writer.Write("BLOCKED "u8);
                WriteUtf8(ref writer, BlockingInfoText.Format(blocked.Info));
                break;
            case StoreError store:
                writer.Write("STORE "u8);
                WriteUtf8(ref writer, store.Text);
                break;
            case NameResolverError name:
                writer.Write("NAME RESOLVER "u8);
                WriteUtf8(ref writer, name.Text);
                break;
            case ProxyProtocolError proxy:
                writer.Write("PROXY PROTOCOL "u8);
                Write(ref writer, proxy.Error);
                break;
            case ProxyBrokerError proxy:
                writer.Write("PROXY BROKER "u8);
                WriteBroker(ref writer, proxy.Error);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(error), error.GetType(), null);
        }
    }

    /// <summary>
    /// What a client of <paramref name="version"/> is told instead of <paramref name="error"/>: <c>BLOCKED</c>
    /// is <c>AUTH</c> below v12 and has no notice below v18 (S-215). Errors inside proxy errors stay as the
    /// relay sent them.
    /// </summary>
    public static SmpError ForVersion(SmpError error, ushort version) => error switch
    {
        BlockedError when version < SmpVersion.BlockedError => SmpError.Auth,
        BlockedError { Info.Notice: not null } blocked when version < SmpVersion.BlockedNotice =>
            new BlockedError(blocked.Info with { Notice = null }),
        _ => error,
    };

    private static void WriteBroker(ref WireWriter writer, BrokerError error)
    {
        switch (error)
        {
            case SimpleBrokerError simple:
                WriteUtf8(ref writer, simple.Tag);
                break;
            case BrokerResponseError response:
                writer.Write("RESPONSE "u8);
                ParameterWriter.WriteLatin1(ref writer, response.Text);
                break;
            case BrokerUnexpectedError unexpected:
                writer.Write("UNEXPECTED "u8);
                ParameterWriter.WriteLatin1(ref writer, unexpected.Text);
                break;
            case BrokerTransportError transport:
                writer.Write("TRANSPORT "u8);
                writer.Write(TransportErrorText.BytesOf(transport.Error));
                break;
            case BrokerNetworkError:
                writer.Write("NETWORK"u8);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(error), error.GetType(), null);
        }
    }

    private static ReadOnlySpan<byte> BytesOf(CmdErrorKind kind) => kind switch
    {
        CmdErrorKind.UNKNOWN => "CMD UNKNOWN"u8,
        CmdErrorKind.SYNTAX => "CMD SYNTAX"u8,
        CmdErrorKind.PROHIBITED => "CMD PROHIBITED"u8,
        CmdErrorKind.NO_AUTH => "CMD NO_AUTH"u8,
        CmdErrorKind.HAS_AUTH => "CMD HAS_AUTH"u8,
        CmdErrorKind.NO_ENTITY => "CMD NO_ENTITY"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static void WriteUtf8(ref WireWriter writer, string text)
    {
        Span<byte> to = writer.Claim(System.Text.Encoding.UTF8.GetByteCount(text));
        if (!writer.Overflowed)
        {
            System.Text.Encoding.UTF8.GetBytes(text, to);
        }
    }
}
