using System.CommandLine;

namespace SimplexActors.Nodes.CommandLine;

/// <summary>Options that override keys of the configuration, shared by the commands that run a router.</summary>
internal sealed class SharedOptions
{
    private readonly Option<string[]> _hosts = new("--host") { Description = "Name or address under which clients reach the router; may be given several times", HelpName = "HOST" };
    private readonly Option<string> _port = new("--smp-port") { Description = "Port for SMP clients, several with commas; 0 lets the system choose", HelpName = "PORT" };
    private readonly Option<string> _level = new("--log-level") { Description = "trace, debug, info, warn, error or off", HelpName = "LEVEL" };
    private readonly Option<string[]> _set = SetOption();

    /// <summary>The option that sets any key.</summary>
    public static Option<string[]> SetOption() =>
        new("--set") { Description = "Any key of the configuration, such as queues.message_ttl=\"7 days\"; may be given several times", HelpName = "KEY=VALUE" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _hosts, _port, _level, _set })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was given, by dotted key.</summary>
    /// <exception cref="CommandFailure">A --set has no key or no value.</exception>
    public Dictionary<string, string> Read(ParseResult parsed)
    {
        Dictionary<string, string> values = ReadSet(parsed.GetValue(_set));
        Put(values, "smp.hosts", parsed.GetValue(_hosts) is { Length: > 0 } hosts ? string.Join(',', hosts) : null);
        Put(values, "smp.ports", parsed.GetValue(_port));
        Put(values, "log.level", parsed.GetValue(_level));
        return values;
    }

    /// <summary>What was given to <see cref="SetOption"/>, by dotted key.</summary>
    /// <exception cref="CommandFailure">One has no key or no value.</exception>
    public static Dictionary<string, string> ReadSet(string[]? assignments)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string assignment in assignments ?? [])
        {
            int equals = assignment.IndexOf('=');
            if (equals <= 0)
            {
                throw new CommandFailure("--set needs KEY=VALUE, such as --set queues.message_ttl=\"7 days\"");
            }

            values[assignment[..equals].Trim()] = assignment[(equals + 1)..].Trim();
        }

        return values;
    }

    private static void Put(Dictionary<string, string> values, string key, string? value)
    {
        if (value is not null)
        {
            values[key] = value;
        }
    }
}
