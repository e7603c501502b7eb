namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>The steps between worlds, to see from where a way leads to what is wanted.</summary>
internal sealed class Ways
{
    private readonly List<int> _targets = [];
    private readonly List<int> _ends = [];

    /// <summary>Adds a step from the world that is visited now.</summary>
    public void Add(int target) => _targets.Add(target);

    /// <summary>Ends the visit of a world: the next one begins.</summary>
    public void EndVisit() => _ends.Add(_targets.Count);

    /// <summary>The first world from which no way leads to what is wanted; -1 when there is none.</summary>
    public int FirstWithout(Func<int, bool> isWanted)
    {
        var leads = new bool[_ends.Count];
        bool hasChanged = true;
        while (hasChanged)
        {
            // Mostly a way leads on to worlds that were found later.
            hasChanged = false;
            for (int world = leads.Length - 1; world >= 0; world--)
            {
                if (!leads[world] && (isWanted(world) || Leads(world, leads)))
                {
                    leads[world] = hasChanged = true;
                }
            }
        }

        return Array.IndexOf(leads, false);
    }

    private bool Leads(int world, bool[] leads)
    {
        for (int step = world == 0 ? 0 : _ends[world - 1]; step < _ends[world]; step++)
        {
            if (leads[_targets[step]])
            {
                return true;
            }
        }

        return false;
    }
}
