using SimplexActors.SpecCoverage;

Coverage coverage = Checkout.SmpRouter();
Console.WriteLine("Lines with a test:");
foreach (string line in coverage.Tested)
{
    Console.WriteLine($"  {line}  {string.Join(", ", coverage.Tests[line])}");
}

Console.WriteLine();
Console.WriteLine("Lines without a test, and why:");
foreach (string line in coverage.Untested)
{
    Console.WriteLine($"  {line}  {coverage.Reasons[line].FirstOrDefault("NO REASON GIVEN")}");
}

Console.WriteLine();
foreach (string fault in coverage.Faults())
{
    Console.WriteLine(fault);
}

Console.WriteLine($"docs/spec/smp-router.md: {coverage.Lines.Count} lines, {coverage.Tested.Count()} with a test, {coverage.Untested.Count()} without");
return coverage.Faults().Any() ? 1 : 0;
