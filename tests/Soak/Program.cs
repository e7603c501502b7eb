using SimplexActors.Soak;

// Memory that grows by less than this between the second and the last quarter of the time is flat.
const double GrowthAllowed = 0.10;

SoakOptions options;
try
{
    options = SoakOptions.Parse(args);
}
catch (FormatException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}

var run = new SoakRun(options, Console.WriteLine);
IReadOnlyList<string> violations = await run.RunAsync();
foreach (string violation in violations.Take(50))
{
    Console.WriteLine(violation);
}

bool isFlat = run.Memory.End <= run.Memory.Warm * (1 + GrowthAllowed);
Console.WriteLine(
    $"{run.Counts.ConfirmedMessages} messages confirmed, {violations.Count} violations; memory {run.Memory.Warm:F0} MiB after the warm-up, "
    + $"{run.Memory.End:F0} MiB at the end: {(isFlat ? "flat" : "GROWING")}; seed {options.Seed}");
return violations.Count == 0 && isFlat ? 0 : 1;
