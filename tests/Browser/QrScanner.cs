using System.Diagnostics;
using Xunit;

namespace SimplexActors.Browser;

/// <summary>Reads QR codes as a phone would: with the zbarimg program.</summary>
public static class QrScanner
{
    private const string Program = "/usr/bin/zbarimg";

    /// <summary>The text of the one code in a picture. Without zbarimg the test is skipped.</summary>
    public static async Task<string> ScanAsync(byte[] png)
    {
        Assert.SkipUnless(File.Exists(Program), $"There is no {Program}: install the package zbar-tools.");
        string file = Path.Combine(Path.GetTempPath(), $"simplex-code-{Guid.NewGuid():N}.png");
        await File.WriteAllBytesAsync(file, png, TestContext.Current.CancellationToken);
        try
        {
            var start = new ProcessStartInfo(Program, ["--quiet", "--raw", "--set", "disable", "--set", "qrcode.enable", file])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process process = Process.Start(start) ?? throw new InvalidOperationException("zbarimg did not start.");
            Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, "No code was found. " + await errors);
            return text.TrimEnd('\n');
        }
        finally
        {
            File.Delete(file);
        }
    }
}
