namespace SimplexActors.Testing;

/// <summary>Finds files of the checkout that a test runs in.</summary>
public static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path below <see cref="Root"/>.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A recorded vector file, parsed.</summary>
    public static System.Text.Json.JsonDocument Vectors(string name) =>
        System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(PathOf("tests", "vectors", name)));

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SimplexActors.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside a checkout: SimplexActors.sln was not found above them.");
    }
}
