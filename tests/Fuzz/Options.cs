using System.Globalization;

namespace SimplexActors.Fuzz;

/// <summary>What the command line asks for.</summary>
/// <param name="Seconds">How long to run.</param>
/// <param name="Seed">The same seed makes the same inputs in the same order.</param>
internal sealed record Options(int Seconds, int Seed)
{
    private static readonly Options Defaults = new(Seconds: 10, Seed: 1);

    /// <summary>Reads arguments; null for wrong ones.</summary>
    public static Options? TryParse(ReadOnlySpan<string> args)
    {
        Options options = Defaults;
        for (; !args.IsEmpty; args = args[2..])
        {
            if (args.Length < 2 || !int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out int value))
            {
                return null;
            }

            switch (args[0])
            {
                case "--seconds":
                    options = options with { Seconds = value };
                    break;
                case "--seed":
                    options = options with { Seed = value };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
