using SimplexActors.Nodes.Edges.Smp.Relay;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>Turns transmissions into commands with the right credentials, or into the answer that says what is wrong.</summary>
internal static class CommandReader
{
    private static readonly ErrResponse BlockError = new(SmpError.Block);
    private static readonly ErrResponse SessionError = new(SmpError.Session);
    private static readonly ErrResponse Prohibited = new(CmdError.Prohibited);

    /// <summary>Reads one command.</summary>
    /// <param name="transmission">Where it lies in its block.</param>
    /// <param name="version">Of the connection, or of the forwarded command.</param>
    /// <param name="forwarded">How it came through a proxy; null when it did not.</param>
    public static CommandSlot Read(in Transmission transmission, ushort version, Forwarded? forwarded = null)
    {
        switch (transmission.Fault)
        {
            case TransmissionFault.Malformed:
                return Malformed(forwarded);
            case TransmissionFault.Authorization:
                return Faulty(transmission, BlockError, forwarded);
            case TransmissionFault.Session:
                return Faulty(transmission, SessionError, forwarded);
        }

        bool read = SmpCommandParser.TryParse(transmission.Command, version, out SmpCommand? command, out SmpError? error);
        error ??= read ? CommandCredentials.Check(command!.Tag, !transmission.Authorization.IsEmpty, transmission.EntityId.IsEmpty) : null;
        ErrResponse? answer = error is not null ? new ErrResponse(error)
            : forwarded is not null && !MayBeForwarded(command!.Tag) ? Prohibited
            : null;
        return new CommandSlot
        {
            CorrelationId = transmission.CorrelationId,
            EntityId = transmission.EntityId,
            Transmission = transmission,
            Command = Detach(command),
            Forwarded = forwarded,
            State = answer is null ? SlotState.NeedsKeys : SlotState.Done,
            Response = answer,
        };
    }

    /// <summary>What cannot be read at all is answered without ids (S-113, S-120).</summary>
    public static CommandSlot Malformed(Forwarded? forwarded = null) =>
        new() { State = SlotState.Done, Response = BlockError, Forwarded = forwarded };

    private static CommandSlot Faulty(in Transmission transmission, ErrResponse error, Forwarded? forwarded) =>
        new() { State = SlotState.Done, CorrelationId = transmission.CorrelationId, Response = error, Forwarded = forwarded };

    /// <summary>What clients may send through a proxy (S-348, S-468).</summary>
    private static bool MayBeForwarded(SmpCommandTag tag) => tag
        is SmpCommandTag.SEND or SmpCommandTag.SKEY or SmpCommandTag.LKEY or SmpCommandTag.LGET or SmpCommandTag.RSLV;

    /// <summary>Copies what a queue keeps of a command; the rest ends with the block's buffer.</summary>
    private static SmpCommand? Detach(SmpCommand? command) => command switch
    {
        SendCommand send => send with { Body = send.Body.ToArray() },
        LsetCommand set => set with { Data = Detach(set.Data) },
        NewCommand { Link: { } link } create => create with { Link = link with { Data = Detach(link.Data) } },
        _ => command,
    };

    private static LinkData Detach(LinkData data) => new(data.Fixed.ToArray(), data.User.ToArray());
}
