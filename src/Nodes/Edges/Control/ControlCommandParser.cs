using System.Diagnostics.CodeAnalysis;
using System.Text;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Nodes.Edges.Control;

/// <summary>Reads lines of the control port: a word, then its arguments, each after exactly one space, and nothing more (O-232).</summary>
internal static class ControlCommandParser
{
    private const string UnknownWord = "Failed reading: bad ControlProtocol command";
    private const string NotTheEnd = "endOfInput";
    private const string NoArgument = "not enough input";

    /// <summary>The command of a line.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="command">What it asks for.</param>
    /// <param name="problem">Why it cannot be read.</param>
    public static bool TryParse(string line, [NotNullWhen(true)] out ControlCommand? command, [NotNullWhen(false)] out string? problem)
    {
        string[] parts = line.Split(' ');
        (command, problem) = parts[0] switch
        {
            "" when parts.Length == 1 => (ControlCommand.Nothing, null),
            "suspend" or "resume" or "clients" or "stats" or "stats-rts" or "threads" or "sockets" or "socket-threads" or "server-info" or "save" or "drain" or "help" or "quit" =>
                parts.Length == 1 ? (new ControlCommand(parts[0]), null) : Not(NotTheEnd),
            "auth" => WithArguments(parts, 1, () => ParseAuth(parts)),
            "delete" or "status" or "unblock" => WithArguments(parts, 1, () => ParseId(parts, out EntityId id) ? new QueueControlCommand(parts[0], id) : null),
            "block" => WithArguments(parts, 2, () => ParseBlock(parts)),
            _ => Not(UnknownWord),
        };
        return command is not null;
    }

    private static (ControlCommand? Command, string? Problem) WithArguments(string[] parts, int count, Func<ControlCommand?> parse) =>
        parts.Length <= count ? Not(NoArgument)
        : parts.Length > count + 1 ? Not(NotTheEnd)
        : parse() is { } command ? (command, null)
        : Not($"Failed reading: bad argument of {parts[0]}");

    private static (ControlCommand? Command, string? Problem) Not(string problem) => (null, problem);

    private static AuthControlCommand? ParseAuth(string[] parts) =>
        ValueParsers.Password(parts[1]).Success ? new AuthControlCommand(parts[1]) : null;

    private static BlockControlCommand? ParseBlock(string[] parts) =>
        ParseId(parts, out EntityId id) && BlockingInfoText.TryParse(Encoding.UTF8.GetBytes(parts[2]), out BlockingInfo? info)
            ? new BlockControlCommand(id, info)
            : null;

    private static bool ParseId(string[] parts, out EntityId id)
    {
        bool valid = Base64UrlText.TryDecode(parts[1]) is { Length: > 0 and <= EntityId.MaxLength };
        id = valid ? new EntityId(Base64UrlText.TryDecode(parts[1])) : default;
        return valid;
    }
}
