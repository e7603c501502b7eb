using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Tests.Engine;

/// <summary>A lease that a test ends and renews.</summary>
public sealed class SwitchedLease : ILease
{
    private volatile bool _isValid = true;

    public bool IsValid
    {
        get => _isValid;
        set => _isValid = value;
    }
}
