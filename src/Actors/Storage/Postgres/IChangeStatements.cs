using Npgsql;
using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>Puts changes of one kind of entity into statements.</summary>
internal interface IChangeStatements<TChange>
{
    /// <summary>Appends the statements that carry out all changes of some sets.</summary>
    /// <returns>False when the changes must be carried out in smaller groups, in their order; nothing was appended.</returns>
    bool TryAppend(NpgsqlBatch batch, IReadOnlyList<WriteSet<TChange>> sets);

    /// <summary>Whether a set with this change may be skipped because an id of it is taken.</summary>
    bool MayConflict(TChange change);

    /// <summary>A group that <see cref="TryAppend"/> filled was committed.</summary>
    void Committed(NpgsqlBatch batch);
}
