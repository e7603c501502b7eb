using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Client.Connection;

/// <summary>Which responses are answers to which commands (sections 9 and 10 of the specification).</summary>
internal static class Answers
{
    /// <summary>True when a router may answer <paramref name="command"/> with <paramref name="response"/>, errors aside.</summary>
    public static bool Fit(SmpCommandTag command, SmpResponse response) => command switch
    {
        SmpCommandTag.NEW => response is IdsResponse,
        SmpCommandTag.SUB or SmpCommandTag.NSUB => response is SokResponse or OkResponse,
        SmpCommandTag.SUBS or SmpCommandTag.NSUBS => response is SoksResponse,
        SmpCommandTag.NKEY => response is NidResponse,
        SmpCommandTag.GET => response is MsgResponse or OkResponse,
        SmpCommandTag.QUE => response is InfoResponse,
        SmpCommandTag.LKEY or SmpCommandTag.LGET => response is LnkResponse,
        SmpCommandTag.PING => response is PongResponse,
        SmpCommandTag.PRXY => response is PkeyResponse,
        SmpCommandTag.PFWD => response is PresResponse,
        SmpCommandTag.RFWD => response is RresResponse,
        SmpCommandTag.RSLV => response is RnameResponse,
        _ => response is OkResponse,
    };

    /// <summary>
    /// True when the command may be answered with a message, which is reported as an event: the next one after
    /// <c>ACK</c> (S-270), the first one after <c>SUB</c> from routers that do not send it separately (C-111).
    /// </summary>
    public static bool MayBringMessage(SmpCommandTag command) => command is SmpCommandTag.ACK or SmpCommandTag.SUB;

    /// <summary>True when the response holds parts of the block that it came in.</summary>
    public static bool KeepsBlock(SmpResponse response) => response
        is MsgResponse or NmsgResponse or LnkResponse or InfoResponse or PkeyResponse or PresResponse or RresResponse or RnameResponse;
}
