using Xunit;

namespace SimplexActors.Acceptance.Support;

/// <summary>The clock of the machine, which the router under test reads too.</summary>
public static class SystemClock
{
    /// <summary>Now.</summary>
    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Waits until the clock is past a moment: what is to be tested is an age.</summary>
    public static async Task PassAsync(DateTimeOffset moment)
    {
        for (TimeSpan left = moment - Now; left > TimeSpan.Zero; left = moment - Now)
        {
            await Task.Delay(left, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
