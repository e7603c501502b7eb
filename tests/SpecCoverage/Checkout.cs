using SimplexActors.Testing;

namespace SimplexActors.SpecCoverage;

/// <summary>The coverage of this checkout.</summary>
public static class Checkout
{
    /// <summary>Reads the specification of the SMP router and all tests.</summary>
    public static Coverage SmpRouter() => Coverage.Read(
        File.ReadAllText(Repository.PathOf("docs", "spec", "smp-router.md")),
        File.ReadAllText(Repository.PathOf("docs", "spec", "untested.md")),
        from path in Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
        where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/SpecCoverage/", StringComparison.Ordinal)
        orderby path
        select (Path.GetFileNameWithoutExtension(path), File.ReadAllText(path)));
}
