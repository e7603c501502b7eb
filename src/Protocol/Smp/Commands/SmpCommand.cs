namespace SimplexActors.Protocol.Smp.Commands;

/// <summary>A command that a client sends to an SMP router (S-145 to S-169).</summary>
public abstract record SmpCommand
{
    /// <summary>Which command it is.</summary>
    public abstract SmpCommandTag Tag { get; }
}
