using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>The independent checks against one router.</summary>
public sealed class ConformanceTests
{
    [Fact]
    public async Task All_checks_of_an_independent_client_pass()
    {
        using var folder = new TemporaryFolder();
        var (program, address) = await RouterProgram.StartDevAsync(folder.Path);
        await using (program)
        {
            Assert.Null(await ConformanceChecks.FindFailureAsync(address));
        }
    }
}
