namespace SimplexActors.Actors.Engine;

/// <summary>Why a command was not carried out.</summary>
public enum Refusal : byte
{
    /// <summary>The store refused or lost the changes; the entity was loaded again.</summary>
    StoreFailed = 1,

    /// <summary>The store could not load the entity.</summary>
    LoadFailed = 2,

    /// <summary>The entity's logic threw; logged once with its cause.</summary>
    Fault = 3,

    /// <summary>The node is stopping.</summary>
    Stopping = 4,
}
