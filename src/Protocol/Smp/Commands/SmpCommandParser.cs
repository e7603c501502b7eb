using System.Diagnostics.CodeAnalysis;
using SimplexActors.Protocol.Smp.Errors;

namespace SimplexActors.Protocol.Smp.Commands;

/// <summary>
/// Reads commands as a router does (section 9 of the specification). Bodies, link data and encrypted parts
/// are slices of the input: a command lives no longer than the block that it came in.
/// </summary>
public static class SmpCommandParser
{
    /// <summary>Reads one command, whole.</summary>
    /// <param name="command">From the tag to the end of the transmission.</param>
    /// <param name="version">Of the connection, or of the forwarded command.</param>
    /// <param name="parsed">The command.</param>
    /// <param name="error"><c>CMD UNKNOWN</c> for another tag, <c>CMD SYNTAX</c> for bad parameters (S-025).</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> command,
        ushort version,
        [NotNullWhen(true)] out SmpCommand? parsed,
        [NotNullWhen(false)] out SmpError? error)
    {
        ulong code = TagCode.Split(command, out ReadOnlyMemory<byte> parameters);
        var reader = new ParameterReader(parameters);
        SmpCommand? read = ReadPlain((Code)code, version) ?? ReadWithParameters((Code)code, ref reader, version);
        parsed = reader.IsComplete ? read : null;
        error = parsed is not null ? null : read is null ? CmdError.Unknown : CmdError.Syntax;
        return parsed is not null;
    }

    private static SmpCommand? ReadPlain(Code code, ushort version) => code switch
    {
        Code.SUB => SubCommand.Instance,
        Code.LDEL => LdelCommand.Instance,
        Code.NDEL => NdelCommand.Instance,
        Code.GET => GetCommand.Instance,
        Code.OFF => OffCommand.Instance,
        Code.DEL => DelCommand.Instance,
        Code.QUE => QueCommand.Instance,
        Code.PING => PingCommand.Instance,
        Code.LGET => LgetCommand.Instance,
        Code.NSUB => NsubCommand.Instance,
        Code.SUBS when version < SmpVersion.ServiceQueues => new SubsCommand(ServiceQueues.Unknown),
        Code.NSUBS when version < SmpVersion.ServiceQueues => new NsubsCommand(ServiceQueues.Unknown),
        _ => null,
    };

    // Null only for a tag that is none.
    private static SmpCommand? ReadWithParameters(Code code, ref ParameterReader reader, ushort version)
    {
        reader.ExpectSpace();
        return code switch
        {
            Code.SEND => ReadSend(ref reader),
            Code.ACK => new AckCommand(reader.Wire.ReadId()),
            Code.NEW => NewCommandCodec.Read(ref reader, version),
            Code.KEY => new KeyCommand(reader.ReadAuthKey()),
            Code.SKEY => new SkeyCommand(reader.ReadAuthKey()),
            Code.LKEY => new LkeyCommand(reader.ReadAuthKey()),
            Code.RKEY => new RkeyCommand(reader.ReadAuthKeys()),
            Code.NKEY => new NkeyCommand(reader.ReadAuthKey(), reader.ReadDhKey()),
            Code.LSET => new LsetCommand(reader.Wire.ReadId(), reader.ReadLinkData()),
            Code.SUBS => new SubsCommand(reader.ReadServiceQueues()),
            Code.NSUBS => new NsubsCommand(reader.ReadServiceQueues()),
            Code.PRXY => PrxyCommandCodec.Read(ref reader),
            Code.PFWD => new PfwdCommand(reader.Wire.ReadUInt16(), reader.ReadDhKey(), reader.ReadTailMemory()),
            Code.RFWD => new RfwdCommand(reader.ReadTailMemory()),
            Code.RSLV => ReadRslv(ref reader),
            _ => null,
        };
    }

    // Flags: a Bool, then anything up to the space, for flags to come (S-160).
    private static SendCommand ReadSend(ref ParameterReader reader)
    {
        bool notify = reader.Wire.ReadBool();
        while (reader.Wire.Peek() is not (' ' or -1))
        {
            reader.Wire.ReadByte();
        }

        reader.ExpectSpace();
        return new SendCommand(notify, reader.ReadTailMemory());
    }

    // What follows the name is ignored, for parameters to come (S-169).
    private static RslvCommand ReadRslv(ref ParameterReader reader)
    {
        ReadOnlySpan<byte> rest = reader.Wire.ReadTail();
        int end = rest.IndexOf((byte)' ');
        if (!SimplexName.TryParse(end < 0 ? rest : rest[..end], out SimplexName? name))
        {
            reader.Wire.Fail();
        }

        return new RslvCommand(name?.ToString() ?? "");
    }

    private enum Code : ulong
    {
        NEW = 0x4E4557,
        SUB = 0x535542,
        SUBS = 0x53554253,
        KEY = 0x4B4559,
        RKEY = 0x524B4559,
        LSET = 0x4C534554,
        LDEL = 0x4C44454C,
        NKEY = 0x4E4B4559,
        NDEL = 0x4E44454C,
        GET = 0x474554,
        ACK = 0x41434B,
        OFF = 0x4F4646,
        DEL = 0x44454C,
        QUE = 0x515545,
        SKEY = 0x534B4559,
        SEND = 0x53454E44,
        PING = 0x50494E47,
        LKEY = 0x4C4B4559,
        LGET = 0x4C474554,
        NSUB = 0x4E535542,
        NSUBS = 0x4E53554253,
        PRXY = 0x50525859,
        PFWD = 0x50465744,
        RFWD = 0x52465744,
        RSLV = 0x52534C56,
    }
}
