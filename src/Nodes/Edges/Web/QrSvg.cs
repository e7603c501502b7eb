using System.Globalization;
using System.Text;
using QRCoder;

namespace SimplexActors.Nodes.Edges.Web;

/// <summary>Draws a QR code as SVG to stand in a page.</summary>
internal static class QrSvg
{
    /// <summary>An image of <paramref name="text"/>; one unit per module, the quiet zone included.</summary>
    /// <param name="text">What the code says.</param>
    /// <param name="label">What it is, for those who do not see it. Trusted text.</param>
    public static string Draw(string text, string label)
    {
        using var generator = new QRCodeGenerator();
        using QRCodeData code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        int size = code.ModuleMatrix.Count;
        var path = new StringBuilder();
        for (int row = 0; row < size; row++)
        {
            int column = 0;
            while (column < size)
            {
                int start = column;
                while (column < size && code.ModuleMatrix[row][column])
                {
                    column++;
                }

                if (column > start)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{start} {row}h{column - start}v1H{start}z");
                }

                column++;
            }
        }

        return $"<svg class=\"qr\" viewBox=\"0 0 {size} {size}\" role=\"img\" aria-label=\"{label}\" shape-rendering=\"crispEdges\">"
            + $"<rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/><path fill=\"#0b1f33\" d=\"{path}\"/></svg>";
    }
}
