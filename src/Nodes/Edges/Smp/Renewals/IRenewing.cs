namespace SimplexActors.Nodes.Edges.Smp.Renewals;

/// <summary>Who has subscriptions to renew: a connection. All from any thread.</summary>
internal interface IRenewing
{
    /// <summary>Tells the new owners of some shards what it has there.</summary>
    void Renew(RenewalRound round);

    /// <summary>It may renew so many subscriptions more.</summary>
    void GrantRenewals(int count);
}
