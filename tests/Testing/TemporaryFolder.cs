namespace SimplexActors.Testing;

/// <summary>A folder that goes away with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("simplex-router-");

    /// <summary>Its full path.</summary>
    public string Path => _folder.FullName;

    /// <summary>The path of something in it.</summary>
    public string Of(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Every file below it with its content, to show that nothing changed.</summary>
    public IReadOnlyList<string> Snapshot() =>
        [.. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Order().Select(file => file + "\n" + Convert.ToHexString(File.ReadAllBytes(file)))];

    public void Dispose() => _folder.Delete(recursive: true);
}
