using Xunit;

namespace SimplexActors.Acceptance.Hostile;

/// <summary>Waits for what no event announces, such as the numbers that the system keeps about a process.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>A failure bound only.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Completes when a number is at most the given one.</summary>
    public static async Task AtMostAsync(long bound, Func<long> read, string what)
    {
        using var giveUp = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(Interval);
        long last = read();
        try
        {
            while (last > bound)
            {
                await timer.WaitForNextTickAsync(giveUp.Token);
                last = read();
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{what}: {last}, which should have come down to {bound}.");
        }
    }
}
