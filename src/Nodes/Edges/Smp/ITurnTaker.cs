namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>Who takes turns to send what is ready.</summary>
internal interface ITurnTaker
{
    /// <summary>Something that waits may be ready to send; any thread.</summary>
    void Wake();
}
