using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Bench.Timing;

/// <summary>A command that the router refuses, and why it does.</summary>
/// <param name="Name">The reason, which nobody must be able to tell from another of its group by time.</param>
/// <param name="Command">What is sent.</param>
/// <param name="Entities">About what: used one after another, and again from the first.</param>
/// <param name="Key">Authorises the command; null for none.</param>
internal sealed record TimingCase(string Name, SmpCommand Command, IReadOnlyList<EntityId> Entities, PrivateKey? Key)
{
    private const int RandomIds = 4096;

    /// <summary>About entities that do not exist, another one each time.</summary>
    public static TimingCase Missing(SmpCommand command, PrivateKey? key) =>
        new("no such queue", command, [.. Enumerable.Range(0, RandomIds).Select(_ => EntityId.Random())], key);

    /// <summary>About one entity that exists.</summary>
    public static TimingCase Of(string name, SmpCommand command, EntityId entity, PrivateKey? key) => new(name, command, [entity], key);
}

/// <summary>Refusals that have to look alike.</summary>
internal sealed record TimingGroup(string Name, IReadOnlyList<TimingCase> Cases);
