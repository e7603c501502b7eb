using System.Globalization;

namespace SimplexActors.Soak;

/// <summary>How long and how hard.</summary>
/// <param name="Clients">Clients that use the router as they should.</param>
/// <param name="Vandals">Clients that do not.</param>
/// <param name="ProxyUsers">Clients that send to another router through this one.</param>
/// <param name="Duration">Of the load, without setting up and draining.</param>
/// <param name="Seed">Chooses what everybody does.</param>
public sealed record SoakOptions(int Clients, int Vandals, int ProxyUsers, TimeSpan Duration, int Seed)
{
    /// <summary>What the full soak is.</summary>
    public static SoakOptions Full { get; } = new(1000, 50, 50, TimeSpan.FromMinutes(10), Environment.TickCount);

    /// <summary>Reads <c>[--clients N] [--minutes N] [--seed N]</c>.</summary>
    /// <exception cref="FormatException">An option is not one of these, or its value no positive number.</exception>
    public static SoakOptions Parse(string[] arguments)
    {
        SoakOptions options = Full;
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string text = i + 1 < arguments.Length ? arguments[i + 1] : "";
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number == 0)
            {
                throw new FormatException($"{arguments[i]} {text}: a positive number is needed");
            }

            options = arguments[i] switch
            {
                "--clients" => options with { Clients = number, Vandals = Math.Max(1, number / 20), ProxyUsers = Math.Max(1, number / 20) },
                "--minutes" => options with { Duration = TimeSpan.FromMinutes(number) },
                "--seed" => options with { Seed = number },
                _ => throw new FormatException($"{arguments[i]}: allowed are --clients, --minutes and --seed"),
            };
        }

        return options;
    }
}
