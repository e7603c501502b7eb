namespace SimplexActors.Acceptance.Durability;

/// <summary>
/// A value of the router that one client changes, one change after another. After a crash the value must be the last confirmed
/// one or the one whose change was in doubt, and from then on it must stay.
/// </summary>
/// <param name="initial">Confirmed from the beginning.</param>
/// <typeparam name="T">What it is.</typeparam>
internal sealed class DurableValue<T>(T initial)
    where T : struct, IEquatable<T>
{
    private T? _attempted;

    /// <summary>The value that the router must have, unless a change is in doubt.</summary>
    public T Settled { get; private set; } = initial;

    /// <summary>A change is about to be asked for.</summary>
    public void Attempt(T value) => _attempted = value;

    /// <summary>The router confirmed the change.</summary>
    public void Confirm()
    {
        Settled = _attempted ?? throw new InvalidOperationException("Nothing was attempted.");
        _attempted = null;
    }

    /// <summary>True when the value that was found is possible.</summary>
    public bool Observe(T found)
    {
        bool isPossible = found.Equals(Settled) || (_attempted is { } attempted && found.Equals(attempted));
        Settled = found;
        _attempted = null;
        return isPossible;
    }
}
