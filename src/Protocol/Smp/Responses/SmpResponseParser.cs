using System.Diagnostics.CodeAnalysis;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;

namespace SimplexActors.Protocol.Smp.Responses;

/// <summary>
/// Reads responses and events as a client does (section 10 of the specification). Bodies, link data and JSON
/// are slices of the input: a response lives no longer than the block that it came in.
/// </summary>
public static class SmpResponseParser
{
    /// <summary>Reads one response, whole. False for an unknown tag and for bad parameters.</summary>
    /// <param name="response">From the tag to the end of the transmission.</param>
    /// <param name="version">Of the connection, or of the forwarded command.</param>
    /// <param name="parsed">The response.</param>
    public static bool TryParse(ReadOnlyMemory<byte> response, ushort version, [NotNullWhen(true)] out SmpResponse? parsed)
    {
        ulong code = TagCode.Split(response, out ReadOnlyMemory<byte> parameters);
        var reader = new ParameterReader(parameters);
        SmpResponse? read = ReadPlain((Code)code) ?? ReadWithParameters((Code)code, ref reader, version);
        parsed = reader.IsComplete ? read : null;
        return parsed is not null;
    }

    /// <summary>What is wrong with a response that <see cref="TryParse"/> does not read, as for commands (S-025).</summary>
    public static CmdError ProblemOf(ReadOnlyMemory<byte> response) =>
        Enum.IsDefined((Code)TagCode.Split(response, out _)) ? CmdError.Syntax : CmdError.Unknown;

    private static SmpResponse? ReadPlain(Code code) => code switch
    {
        Code.OK => OkResponse.Instance,
        Code.PONG => PongResponse.Instance,
        Code.END => EndResponse.Instance,
        Code.DELD => DeldResponse.Instance,
        Code.ALLS => AllsResponse.Instance,
        _ => null,
    };

    private static SmpResponse? ReadWithParameters(Code code, ref ParameterReader reader, ushort version)
    {
        reader.ExpectSpace();
        return code switch
        {
            Code.MSG => new MsgResponse(reader.Wire.ReadId(), reader.ReadTailMemory()),
            Code.SOK => new SokResponse(reader.ReadMaybeId()),
            Code.ERR => ReadErr(ref reader),
            Code.NMSG => new NmsgResponse(reader.TakeMemory(SmpSizes.NonceBytes), reader.ReadShortMemory()),
            Code.IDS => IdsResponseCodec.Read(ref reader, version),
            Code.LNK => new LnkResponse(reader.Wire.ReadId(), reader.ReadLinkData()),
            Code.NID => new NidResponse(IdsResponseCodec.ReadNotifier(ref reader)),
            Code.INFO => new InfoResponse(reader.ReadTailMemory()),
            Code.SOKS => new SoksResponse(ReadServiceQueues(ref reader, version)),
            Code.ENDS => new EndsResponse(ReadServiceQueues(ref reader, version)),
            Code.PKEY => PkeyResponseCodec.Read(ref reader),
            Code.PRES => new PresResponse(reader.ReadTailMemory()),
            Code.RRES => new RresResponse(reader.ReadTailMemory()),
            Code.RNAME => new RnameResponse(reader.ReadTailMemory()),
            _ => null,
        };
    }

    private static ErrResponse? ReadErr(ref ParameterReader reader) =>
        SmpErrorParser.TryParse(reader.Wire.ReadTail(), out SmpError? error) ? new ErrResponse(error) : null;

    private static ServiceQueues ReadServiceQueues(ref ParameterReader reader, ushort version) =>
        version >= SmpVersion.ServiceQueues
            ? reader.ReadServiceQueues()
            : new ServiceQueues(reader.Wire.ReadInt64(), ServiceQueues.EmptyHash);

    private enum Code : ulong
    {
        IDS = 0x494453,
        LNK = 0x4C4E4B,
        SOK = 0x534F4B,
        SOKS = 0x534F4B53,
        MSG = 0x4D5347,
        ALLS = 0x414C4C53,
        NID = 0x4E4944,
        NMSG = 0x4E4D5347,
        PKEY = 0x504B4559,
        RRES = 0x52524553,
        PRES = 0x50524553,
        END = 0x454E44,
        ENDS = 0x454E4453,
        DELD = 0x44454C44,
        INFO = 0x494E464F,
        OK = 0x4F4B,
        ERR = 0x455252,
        PONG = 0x504F4E47,
        RNAME = 0x524E414D45,
    }
}
