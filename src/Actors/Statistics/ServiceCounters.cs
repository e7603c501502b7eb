namespace SimplexActors.Actors.Statistics;

/// <summary>The counters of receiving services and their like of notification services (S-407).</summary>
public static class ServiceCounters
{
    private const int ToNotifiers = Counter.NtfServicesAssocNew - Counter.RcvServicesAssocNew;

    /// <summary>The counter of the right kind of services.</summary>
    /// <param name="receiving">One of those from <see cref="Counter.RcvServicesAssocNew"/> to <see cref="Counter.RcvServicesSubFewerTotal"/>.</param>
    /// <param name="ofNotifiers">Takes the one of notification services.</param>
    public static Counter Of(Counter receiving, bool ofNotifiers) => ofNotifiers ? receiving + ToNotifiers : receiving;
}
