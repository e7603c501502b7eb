using SimplexActors.Actors.Statistics;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp.Proxy;

/// <summary>
/// Counts what the proxy answered (S-356), for all relays and once more for the operator's own. A request counts with its
/// answer, so that the outcomes always add up; a client that left before has none.
/// </summary>
internal static class ProxyCounts
{
    /// <summary><c>PRXY</c> of a client that may use the proxy.</summary>
    public static void AddSession(RouterStatistics statistics, bool isOwn, SmpResponse answer)
    {
        ProxyOutcome outcome = Of(answer);
        Add(statistics, Counter.PRelaysRequests, outcome);
        if (isOwn)
        {
            Add(statistics, Counter.PRelaysOwnRequests, outcome);
        }
    }

    /// <summary><c>PFWD</c>. An error that the relay itself answered is a success of the proxy.</summary>
    public static void AddForward(RouterStatistics statistics, bool isOwn, SmpResponse answer)
    {
        ProxyOutcome outcome = answer is ErrResponse { Error: ProxyProtocolError } ? ProxyOutcome.Success : Of(answer);
        Add(statistics, Counter.PMsgFwdsRequests, outcome);
        if (isOwn)
        {
            Add(statistics, Counter.PMsgFwdsOwnRequests, outcome);
        }
    }

    private static ProxyOutcome Of(SmpResponse answer) => answer switch
    {
        not ErrResponse => ProxyOutcome.Success,
        ErrResponse { Error: var error } when error == SmpError.ProxyNoSession => ProxyOutcome.Connect,
        ErrResponse { Error: ProxyBrokerError { Error: BrokerNetworkError } } => ProxyOutcome.Connect,
        ErrResponse { Error: var error } when error == ProxyErrors.Timeout => ProxyOutcome.Connect,
        ErrResponse { Error: var error } when error == ProxyErrors.Version || error == ProxyErrors.NoAuth => ProxyOutcome.Compatibility,
        _ => ProxyOutcome.Other,
    };

    private static void Add(RouterStatistics statistics, Counter requests, ProxyOutcome outcome)
    {
        statistics.Add(requests);
        statistics.Add(requests + (int)outcome);
    }

    /// <summary>In the order in which their counters follow the requests'.</summary>
    private enum ProxyOutcome
    {
        Success = Counter.PRelaysSuccesses - Counter.PRelaysRequests,
        Connect = Counter.PRelaysErrorsConnect - Counter.PRelaysRequests,
        Compatibility = Counter.PRelaysErrorsCompat - Counter.PRelaysRequests,
        Other = Counter.PRelaysErrorsOther - Counter.PRelaysRequests,
    }
}
