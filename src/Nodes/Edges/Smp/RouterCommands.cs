using SimplexActors.Nodes.Names;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>Answers to commands that concern no queue.</summary>
internal static class RouterCommands
{
    private static readonly ErrResponse NoProxy = new(SmpError.ProxyBasicAuth);
    private static readonly ErrResponse NoProxySession = new(SmpError.ProxyNoSession);
    private static readonly ErrResponse NoResolver = new(SmpError.NameNoResolver);
    private static readonly ErrResponse Prohibited = new(CmdError.Prohibited);

    /// <summary>What gives the answer of a command that waits for another machine; null when <see cref="Answer"/> knows it at once.</summary>
    public static Func<CancellationToken, Task<SmpResponse>>? Fork(SmpRouter router, SmpConnection connection, CommandSlot slot) => slot.Command switch
    {
        RslvCommand resolve => Resolve(router, resolve),
        PfwdCommand forward when router.Proxy is { } proxy => cancellation => proxy.ForwardAsync(slot, forward, cancellation),
        PrxyCommand open when router.Proxy is { } proxy => cancellation => proxy.OpenAsync(connection.Relays, open, cancellation),
        _ => null,
    };

    /// <summary>
    /// The answer. Roles that this router does not have are refused as the reference refuses them when they are
    /// switched off: proxy (S-337), names (S-358).
    /// </summary>
    public static SmpResponse Answer(SmpCommand command) => command.Tag switch
    {
        SmpCommandTag.PING => PongResponse.Instance,
        SmpCommandTag.PRXY => NoProxy,
        SmpCommandTag.PFWD => NoProxySession,
        SmpCommandTag.RSLV => NoResolver,
        _ => Prohibited,
    };

    private static Func<CancellationToken, Task<SmpResponse>>? Resolve(SmpRouter router, RslvCommand resolve)
    {
        EdgeCounts.AddLookup(router.Statistics, isDisabled: router.Names is null);
        return router.Names is { } names ? cancellation => ResolveAsync(names, cancellation) : null;

        async Task<SmpResponse> ResolveAsync(NameResolver names, CancellationToken cancellation)
        {
            SmpResponse answer = await names.ResolveAsync(resolve.Domain, cancellation);
            EdgeCounts.AddLookupAnswer(router.Statistics, answer);
            return answer;
        }
    }
}
