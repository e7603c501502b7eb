using SimplexActors.Testing;

namespace SimplexActors.Tidy;

/// <summary>One text file of the checkout.</summary>
/// <param name="Path">From the root of the checkout, with slashes.</param>
/// <param name="Text">Its content.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private static readonly string[] Folders = ["src", "tests", "hocon", "docs", ".ci"];
    private static readonly string[] Extensions = [".cs", ".csproj", ".props", ".sln", ".conf", ".md", ".py", ".json", ""];

    /// <summary>True for C#.</summary>
    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>The C# without comments and texts; empty for other files.</summary>
    public string Code { get; } = Path.EndsWith(".cs", StringComparison.Ordinal) ? CodeText.Of(Text) : "";

    /// <summary>All files that people write: no build output, no recorded data.</summary>
    public static IReadOnlyList<SourceFile> All()
    {
        IEnumerable<string> top = Directory.EnumerateFiles(Repository.Root);
        IEnumerable<string> below = Folders
            .Select(folder => Repository.PathOf(folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
        return
        [
            .. from file in top.Concat(below)
               let path = System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')
               where Extensions.Contains(System.IO.Path.GetExtension(path)) && !IsGenerated(path)
               orderby path
               select new SourceFile(path, File.ReadAllText(file)),
        ];
    }

    /// <summary>The line that the character at <paramref name="offset"/> is on, from 1.</summary>
    public int LineOf(int offset) => 1 + Text.AsSpan(0, offset).Count('\n');

    private static bool IsGenerated(string path) =>
        path.Contains("/bin/") || path.Contains("/obj/") || path.StartsWith("tests/vectors/") || path is ".git" or "LICENSE";
}
