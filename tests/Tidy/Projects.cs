using System.Xml.Linq;
using SimplexActors.Testing;

namespace SimplexActors.Tidy;

/// <summary>A project file and what it says about others.</summary>
/// <param name="Path">From the root of the checkout, with slashes.</param>
/// <param name="References">Projects it references, as paths from the root.</param>
/// <param name="RemovesFiles">True when it leaves out files of its folder.</param>
internal sealed record Project(string Path, IReadOnlyList<string> References, bool RemovesFiles)
{
    /// <summary>Who may reference whom below src/. Arrows point one way.</summary>
    public static IReadOnlyDictionary<string, string[]> Arrows { get; } = new Dictionary<string, string[]>
    {
        ["src/Protocol/Protocol.csproj"] = [],
        ["src/Actors/Actors.csproj"] = ["src/Protocol/Protocol.csproj"],
        ["src/Client/Client.csproj"] = ["src/Protocol/Protocol.csproj"],
        ["src/Nodes/Nodes.csproj"] = ["src/Protocol/Protocol.csproj", "src/Actors/Actors.csproj", "src/Client/Client.csproj"],
    };

    /// <summary>Reads a project.</summary>
    public static Project Read(SourceFile file)
    {
        XDocument xml = XDocument.Parse(file.Text);
        string folder = System.IO.Path.GetDirectoryName(Repository.PathOf(file.Path)) ?? Repository.Root;
        return new Project(
            file.Path,
            [
                .. from reference in xml.Descendants("ProjectReference")
                   let full = System.IO.Path.GetFullPath((string?)reference.Attribute("Include") ?? "", folder)
                   select System.IO.Path.GetRelativePath(Repository.Root, full).Replace('\\', '/'),
            ],
            xml.Descendants("Compile").Any(compile => compile.Attribute("Remove") is not null));
    }

    /// <summary>References that point the wrong way.</summary>
    public IEnumerable<string> WrongArrows() =>
        from reference in References
        where Path.StartsWith("src/") && !(Arrows.TryGetValue(Path, out string[]? allowed) && allowed.Contains(reference))
        select $"{Path} must not reference {reference}";

    /// <summary>C# files that none of <paramref name="projects"/> compiles.</summary>
    public static IEnumerable<string> Orphans(IEnumerable<SourceFile> files, IReadOnlyCollection<Project> projects) =>
        from file in files
        where file.IsCode && !projects.Any(project => !project.RemovesFiles && file.Path.StartsWith(FolderOf(project.Path)))
        select $"{file.Path} is compiled by no project";

    private static string FolderOf(string path) => path[..(path.LastIndexOf('/') + 1)];
}
