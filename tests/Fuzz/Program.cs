using SimplexActors.Fuzz;
using SimplexActors.Fuzz.Targets;

// ./run fuzz [--seconds N] [--seed S]: feeds spoilt recordings to every parser that meets bytes of a peer.
// ./run fuzz --replay TARGET HEX: runs one input again, as a failure printed it.
IReadOnlyList<FuzzTarget> targets = FuzzTarget.All;
if (args is ["--replay", string name, string hex])
{
    if (targets.FirstOrDefault(target => target.Name == name) is not { } target)
    {
        Console.Error.WriteLine($"no target {name}; there are: {string.Join(", ", targets.Select(one => one.Name))}");
        return 2;
    }

    target.Run(Convert.FromHexString(hex));
    Console.WriteLine($"{name}: no fault");
    return 0;
}

if (Options.TryParse(args) is not { } options)
{
    Console.Error.WriteLine("usage: fuzz [--seconds N] [--seed S] | fuzz --replay TARGET HEX");
    return 2;
}

return new Campaign(targets, options.Seed).Run(TimeSpan.FromSeconds(options.Seconds), Console.Out) ? 0 : 1;
