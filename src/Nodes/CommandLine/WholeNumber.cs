using System.Globalization;

namespace SimplexActors.Nodes.CommandLine;

/// <summary>A whole number that a user gave to a command.</summary>
internal static class WholeNumber
{
    /// <summary>Reads it.</summary>
    /// <param name="name">Of the option or argument, for the error.</param>
    /// <param name="text">What was given.</param>
    /// <param name="least">The smallest that is allowed.</param>
    /// <param name="most">The largest that is allowed.</param>
    /// <exception cref="CommandFailure">It is none, or not one of these.</exception>
    public static int Parse(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new CommandFailure($"{name} {text}: must be a number from {least} to {most}");
}
