using System.Text;
using QRCoder;

namespace SimplexActors.Nodes.CommandLine;

/// <summary>Prints an address as one line for programs and, on a terminal, as a QR code for phones.</summary>
internal static class AddressPrinter
{
    private const int QuietZoneModules = 2;

    /// <summary>Writes the line, flushed, and the code when <paramref name="terminal"/>.</summary>
    public static void Print(TextWriter output, RouterAddress address, bool terminal)
    {
        output.WriteLine(address);
        if (terminal)
        {
            output.Write(Code(address.ToString()));
        }

        output.Flush();
    }

    /// <summary>
    /// The code in half blocks, two rows of modules per line of text. Light modules are drawn and dark ones
    /// left to the background, as terminals are mostly dark.
    /// </summary>
    internal static string Code(string text)
    {
        using var generator = new QRCodeGenerator();
        using QRCodeData code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.L);
        int margin = 4 - QuietZoneModules;
        int size = code.ModuleMatrix.Count - margin;
        var lines = new StringBuilder();
        for (int row = margin; row < size; row += 2)
        {
            for (int column = margin; column < size; column++)
            {
                bool upper = !code.ModuleMatrix[row][column];
                bool lower = row + 1 < size && !code.ModuleMatrix[row + 1][column];
                lines.Append((upper, lower) switch { (true, true) => '█', (true, false) => '▀', (false, true) => '▄', _ => ' ' });
            }

            lines.Append('\n');
        }

        return lines.ToString();
    }
}
