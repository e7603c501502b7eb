using System.Globalization;

namespace SimplexActors.Nodes.Configuration;

/// <summary>Numbers of bytes as an operator writes them: a whole number and a unit.</summary>
internal static class SizeText
{
    private const long MaxBytes = 1L << 60;

    private static readonly (string Name, int Shift)[] Units = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10), ("B", 0)];

    /// <summary>With the largest unit that gives a whole number; 0 has none.</summary>
    public static string Of(long bytes)
    {
        (string name, int shift) = Units.First(unit => bytes >> unit.Shift << unit.Shift == bytes);
        return bytes == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{bytes >> shift} {name}");
    }

    /// <summary>A number with its unit; 0 needs none.</summary>
    public static Parsed<long> Parse(string text)
    {
        if (text == "0")
        {
            return Parsed<long>.Of(0);
        }

        foreach ((string name, int shift) in Units)
        {
            if (text.EndsWith(name, StringComparison.OrdinalIgnoreCase)
                && long.TryParse(text[..^name.Length].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long count))
            {
                return count <= MaxBytes >> shift ? Parsed<long>.Of(count << shift) : NotSize;
            }
        }

        return NotSize;
    }

    private static Parsed<long> NotSize => Parsed<long>.Not("a size with its unit (B, KiB, MiB, GiB or TiB) up to 1048576 TiB, or 0 for no limit");
}
