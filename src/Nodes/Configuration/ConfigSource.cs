using Microsoft.Extensions.Configuration;

namespace SimplexActors.Nodes.Configuration;

/// <summary>One layer of the configuration.</summary>
/// <param name="Name">For messages: the file, "environment" or "command line".</param>
/// <param name="Folder">Relative paths of this layer start here.</param>
/// <param name="Provider">Its values; levels of a key are separated by a colon.</param>
internal sealed record ConfigSource(string Name, string Folder, IConfigurationProvider Provider);
