using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Nodes.Edges.Control;

/// <summary>One line of the control port (S-369, S-370).</summary>
/// <param name="Word">The command's first word.</param>
internal record ControlCommand(string Word)
{
    /// <summary>An empty line, which is not answered.</summary>
    public static ControlCommand Nothing { get; } = new("");

    /// <summary>The role that it needs.</summary>
    public ControlRole Needs => Word switch
    {
        "" or "quit" or "help" or "auth" or "stats-rts" => ControlRole.None,
        "stats" or "sockets" or "server-info" or "status" or "block" or "unblock" => ControlRole.User,
        _ => ControlRole.Admin,
    };
}

/// <summary><c>auth PASSWORD</c>.</summary>
internal sealed record AuthControlCommand(string Password) : ControlCommand("auth");

/// <summary><c>status ID</c>, <c>unblock ID</c> and <c>delete ID</c>.</summary>
internal record QueueControlCommand(string Word, EntityId Id) : ControlCommand(Word);

/// <summary><c>block ID reason=spam|content[,notice=JSON]</c>.</summary>
internal sealed record BlockControlCommand(EntityId Id, BlockingInfo Info) : QueueControlCommand("block", Id);
